import { EngineClock } from './clock';
import { Signals } from './signals';

describe('Signals', () => {
  const clock = new EngineClock();
  const signals = new Signals(clock);
  afterAll(() => clock.stop());

  it('wakes everyone who waits for the key, and nobody else', async () => {
    const first = signals.wait('queue-a', 60_000);
    const second = signals.wait('queue-a', 60_000);
    const other = signals.wait('queue-b', 60_000);

    signals.notify('queue-a');

    expect(await Promise.all([first, second])).toEqual([true, true]);
    clock.advance(60_000);
    expect(await other).toBe(false);
  });

  it('answers false at once when the waiter gives up', async () => {
    const abort = new AbortController();
    const waiting = signals.wait('queue-a', 60_000, abort.signal);
    abort.abort();
    expect(await waiting).toBe(false);
  });
});
