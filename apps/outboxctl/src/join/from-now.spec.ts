import { lastBefore } from './from-now';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('lastBefore', () => {
  it.each([
    [3, [1, 2, 3], 3],
    [3, [], 3],
    [5, [3, 4, 5, 100, 101], 5],
  ])('is %i when nothing was committed since', (last, times, expected) => {
    const events = times.map((time, index) => ({ sk: `EVENT#${index + 1}`, committedAt: iso(time) }));
    expect(lastBefore(200, last, events)).toBe(expected);
  });

  it('is the one before the first that was, whatever retention left of those before', () => {
    const events = [4, 5].map((sequence) => ({ sk: `EVENT#${sequence}`, committedAt: iso(100) }));
    expect(lastBefore(100, 5, events)).toBe(3);
    expect(lastBefore(101, 5, events)).toBe(5);
  });
});
