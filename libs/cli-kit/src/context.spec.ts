import { progressOf } from './context';

describe('progressOf', () => {
  it('is one line that is written over where that can be done', () => {
    const { done, lines, statuses } = setUp({ hasStatus: true });
    for (let second = 1; second <= 120; second++) done(second);
    expect(lines).toEqual([]);
    expect(statuses).toHaveLength(120);
    expect(statuses.at(-1)).toBe('120 done …');
  });

  it('is a line now and then elsewhere', () => {
    const { done, lines } = setUp({ hasStatus: false });
    for (let second = 1; second <= 240; second++) done(second);
    expect(lines.map((line) => parseInt(line))).toEqual([2, 6, 14, 30, 62, 122, 182]);
  });
});

/** A command that does one thing a second. */
function setUp({ hasStatus }: { readonly hasStatus: boolean }) {
  const lines: string[] = [];
  const statuses: string[] = [];
  let now = 0;
  const context = { now: () => now, progress: (text: string) => void lines.push(text) };
  const status = { status: (text: string) => void statuses.push(text) };
  const progress = progressOf(hasStatus ? { ...context, ...status } : context, (count) => `${count} done …`);
  return {
    lines,
    statuses,
    done: (count: number) => {
      now += 1_000;
      progress(count);
    },
  };
}
