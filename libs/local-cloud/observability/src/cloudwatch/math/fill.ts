import { MathError, pointsOf, type Grid, type MathValue, type TimeSeries } from './values';

/** What the gaps of a series are filled with. */
export type Filling = MathValue | 'REPEAT' | 'LINEAR';

type Point = readonly [at: number, value: number];

/**
 * Gives a series a value in every period, as far as the filling has one: REPEAT the last value before the gap, LINEAR
 * what lies on the line between the values on both sides of it. Source: CloudWatch user guide, "Functions supported for
 * metric math", FILL.
 */
export function fill({ starts }: Grid, { label, points }: TimeSeries, filling: Filling): TimeSeries {
  const known: readonly Point[] = [...points];
  let passed = 0;
  const filled = starts.map((at): readonly [number, number | undefined] => {
    while ((known[passed]?.[0] ?? Infinity) <= at) passed += 1;
    return [at, points.get(at) ?? fillingAt(at, known[passed - 1], known[passed], filling)];
  });
  return { label, points: pointsOf(filled) };
}

function fillingAt(
  at: number,
  before: Point | undefined,
  after: Point | undefined,
  filling: Filling,
): number | undefined {
  if (filling === 'REPEAT') return before?.[1];
  if (filling === 'LINEAR') {
    if (!before || !after) return undefined;
    return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
  }
  if (filling.kind === 'scalar') return filling.value;
  if (filling.kind === 'series') return filling.series.points.get(at);
  throw new MathError("The function 'FILL' takes no array of time series as filling");
}
