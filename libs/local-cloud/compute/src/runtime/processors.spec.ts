import { Processors } from './processors';

describe("a machine's processors", () => {
  it.each([
    ['without any time left', 0, 200, true],
    ['with less than a tenth of it left', 19, 200, true],
    ['with a tenth of it left', 20, 200, false],
    ['that are not counted', 0, 0, false],
  ])('%s', (_what, idle, total, isBusy) => {
    const { processors, passes } = setUp();
    passes(100, { idle, total });
    expect(processors.isBusy()).toBe(isBusy);
  });

  it('are looked at again after a tenth of a second', () => {
    const { processors, passes } = setUp();
    passes(150, { idle: 0, total: 300 });
    expect(processors.isBusy()).toBe(true);
    passes(99, { idle: 198, total: 198 });
    expect(processors.isBusy()).toBe(true);
    passes(1, { idle: 2, total: 2 });
    expect(processors.isBusy()).toBe(false);
  });
});

function setUp() {
  let [now, idle, total] = [0, 0, 0];
  const processors = new Processors(
    () => ({ idle, total }),
    () => now,
  );
  const passes = (ms: number, spent: { idle: number; total: number }): void => {
    [now, idle, total] = [now + ms, idle + spent.idle, total + spent.total];
  };
  return { processors, passes };
}
