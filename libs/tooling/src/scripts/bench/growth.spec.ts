import { FLAT, growthOf } from './growth.ts';

const points = (valueAt: (index: number) => number, count = 20) =>
  Array.from({ length: count }, (_, index) => ({ orders: 1_000 * (index + 1), value: valueAt(index) }));

describe('growthOf', () => {
  it('is how much of itself a figure gains over the second half', () => {
    expect(growthOf(points((index) => 100 + index))).toBeCloseTo(9 / 114.5);
    expect(growthOf(points((index) => 200 - index))).toBeCloseTo(-9 / 185.5);
  });

  it('passes over the first half, and over a saw that comes back', () => {
    expect(growthOf(points((index) => Math.min(100, 10 * index)))).toBe(0);
    expect(Math.abs(growthOf(points((index) => 100 + (index % 2) * 20, 40)))).toBeLessThan(FLAT);
  });

  it('finds what is kept of every order', () => {
    expect(growthOf(points((index) => 100 + 10 * index))).toBeGreaterThan(FLAT);
  });

  it('says nothing of too few', () => {
    expect(growthOf([])).toBe(0);
    expect(growthOf(points((index) => index, 3))).toBe(0);
  });
});
