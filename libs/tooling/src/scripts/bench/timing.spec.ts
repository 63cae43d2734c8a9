import { summary, timed } from './timing.ts';

describe('timings', () => {
  it('tell rate, median and the slowest of a hundred', () => {
    const durations = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summary(durations, 2_000)).toEqual({ count: 200, perSecond: 100, p50Ms: 100, p95Ms: 190, p99Ms: 198 });
  });

  it('run every call once, at most so many at a time', async () => {
    const seen: number[] = [];
    let running = 0;
    let most = 0;
    const { count } = await timed(20, 3, async (index) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      seen.push(index);
      running -= 1;
    });
    expect([count, most]).toEqual([20, 3]);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});
