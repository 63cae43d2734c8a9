import { EngineClock } from './clock';

describe('EngineClock', () => {
  let realMs: number;
  let clock: EngineClock;
  beforeEach(() => {
    realMs = 1_000;
    clock = new EngineClock(0, () => realMs);
  });
  afterEach(() => clock.stop());

  it('fires what became due, earliest first, when time is moved', () => {
    const fired: string[] = [];
    clock.after(20_000, () => fired.push('late'));
    clock.after(10_000, () => fired.push('early'));
    clock.after(60_000, () => fired.push('not yet'));

    clock.advance(30_000);

    expect(fired).toEqual(['early', 'late']);
    expect(clock.now()).toBe(31_000);
  });

  it('fires a cancelled timer never', () => {
    const fired = jest.fn();
    clock.after(10, fired)();
    clock.advance(1_000);
    expect(fired).not.toHaveBeenCalled();
  });

  it('fires by real time too', async () => {
    const real = new EngineClock();
    const startedAt = real.now();
    await real.sleep(5);
    expect(real.now() - startedAt).toBeGreaterThanOrEqual(4);
    real.stop();
  });

  it('lets a timer that an earlier one cancels in the same jump not fire', () => {
    const fired = jest.fn();
    clock.after(10, () => cancel());
    const cancel = clock.after(20, fired);
    clock.advance(100);
    expect(fired).not.toHaveBeenCalled();
  });

  it('ends a sleep early when its signal aborts', async () => {
    const abort = new AbortController();
    const slept = clock.sleep(3_600_000, abort.signal);
    abort.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  it('never goes back', () => {
    expect(() => clock.advance(-1)).toThrow(RangeError);
  });
});
