/** A figure after so many orders. */
export interface Point {
  readonly orders: number;
  readonly value: number;
}

/** A share of itself that a figure may gain in the second half of a run and count as flat: what one look differs from the next. */
export const FLAT = 0.1;

/**
 * By what share of itself a figure grows over the second half of a run, by the straight line that fits it best; the first
 * half is left out, in which caches and heaps fill. 0.1 is a tenth; 0 for fewer than three points.
 */
export function growthOf(points: readonly Point[]): number {
  const half = points.slice(Math.floor(points.length / 2));
  const [first, last] = [half[0], half.at(-1)];
  if (half.length < 3 || first === undefined || last === undefined) return 0;
  const middle = mean(half.map(({ orders }) => orders));
  const level = mean(half.map(({ value }) => value));
  const over = (weigh: (point: Point) => number) => half.reduce((sum, point) => sum + weigh(point), 0);
  const slope =
    over(({ orders, value }) => (orders - middle) * (value - level)) / over(({ orders }) => (orders - middle) ** 2);
  return level === 0 ? 0 : (slope * (last.orders - first.orders)) / level;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
