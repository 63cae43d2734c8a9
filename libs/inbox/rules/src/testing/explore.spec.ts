import { BrokenRuleError, explore, walk, type Model, type Move } from './explore';

/** Numbers from 0; 4 is the end. */
function numbers(movesOf: (at: number) => readonly Move<number>[]): Model<number> {
  return { start: 0, keyOf: String, movesOf, isOver: (at) => at === 4, describe: (at) => `at ${at}` };
}

const to = (next: number, isFault = false): Move<number> => ({ label: `to ${next}`, next, isFault });

function brokenBy(model: Model<number>, run: (model: Model<number>) => void = explore): string {
  try {
    run(model);
  } catch (error) {
    if (error instanceof BrokenRuleError) return error.message;
    throw error;
  }
  return '';
}

describe('explore', () => {
  it('visits each state once and tries every step', () => {
    expect(explore(numbers((at) => (at === 4 ? [] : [to(at + 1), to(0)])))).toEqual({ states: 5, steps: 8 });
  });

  it('tells the shortest way to a step that breaks a rule', () => {
    const model = numbers((at) => (at === 3 ? [{ ...to(4), violation: 'no' }] : [to(at + 1), to(Math.min(3, at + 2))]));
    expect(brokenBy(model)).toBe('no\n  1. to 1\n  2. to 3\n  3. to 4\nbefore: at 3');
  });

  it('finds a state that never comes to the end without another fault', () => {
    const model = numbers((at) => (at === 2 ? [to(2), to(4, true)] : at === 0 ? [to(4), to(2, true)] : []));
    expect(brokenBy(model)).toBe(
      'from here it never comes to a good end, though nothing more goes wrong\n  1. to 2\nbefore: at 2',
    );
  });

  it('gives up a model that has no end', () => {
    expect(brokenBy({ ...numbers((at) => [to(at * 2 + 1), to(at * 2 + 2)]), isOver: () => true })).toMatch(
      /^there is no end to the states\n/,
    );
  });
});

describe('walk', () => {
  it('goes as it is told, and then to the end without faults', () => {
    const seen: number[] = [];
    const model = numbers((at) => {
      seen.push(at);
      return at === 4 ? [] : [to(at + 1), to(0, true)];
    });
    walk(model, [0, 0, 1]);
    expect(seen).toEqual([0, 1, 2, 0, 1, 2, 3]);
  });

  it('tells the way to a step that breaks a rule', () => {
    const model = numbers((at) => [{ ...to(at + 1), ...(at === 2 ? { violation: 'no' } : {}) }]);
    expect(brokenBy(model, (one) => walk(one, []))).toBe('no\n  1. to 1\n  2. to 2\n  3. to 3\nbefore: at 2');
  });

  it('finds that the end can not be reached, whether nothing more happens or it goes on for ever', () => {
    const stuck = numbers((at) => (at === 2 ? [] : [to(at + 1)]));
    expect(brokenBy(stuck, (one) => walk(one, []))).toMatch(/^from here it never comes to a good end/);
    const endless = numbers(() => [to(1)]);
    expect(brokenBy(endless, (one) => walk(one, []))).toMatch(/^no end after 2000 steps/);
  });
});
