import * as fc from 'fast-check';
import { timescale } from './timescale';

const span = fc
  .tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e5 }))
  .map(([from, length]) => ({ from, to: from + length }));

describe('the scale of a waterfall', () => {
  it('draws what belongs together to one measure', () => {
    const { place, gaps } = timescale([
      { from: 0, to: 60 },
      { from: 50, to: 100 },
    ]);
    expect([0, 25, 50, 100].map(place)).toEqual([0, 0.25, 0.5, 1]);
    expect(gaps).toEqual([]);
  });

  it('cuts short the hours in which nothing happened', () => {
    const { place, gaps } = timescale([
      { from: 0, to: 100 },
      { from: 3_600_000, to: 3_600_100 },
    ]);
    expect(place(100)).toBeCloseTo(0.475);
    expect(place(3_600_000)).toBeCloseTo(0.525);
    expect(place(3_600_100)).toBeCloseTo(1);
    expect(gaps).toEqual([expect.objectContaining({ from: 100, to: 3_600_000 })]);
  });

  it('keeps the order of times, and draws nothing outside', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (spans) => {
        const { place } = timescale(spans);
        const places = spans
          .flatMap(({ from, to }) => [from, to])
          .sort((a, b) => a - b)
          .map(place);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        for (const each of places) {
          expect(each).toBeGreaterThanOrEqual(0);
          expect(each).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('has a place for everything when there is nothing', () => {
    expect(timescale([]).place(5)).toBe(0);
  });
});
