import { MathError, pointsOf, scalar, type Grid, type MathValue, type TimeSeries } from './values';

/**
 * `IF(condition, trueValue, falseValue)`. Source: CloudWatch user guide, "Using IF expressions": where the condition has
 * no value there is none, a true value that is missing counts as 0, a false one that is missing or left out drops the
 * datapoint.
 * @throws MathError unless the result is one series
 */
export function choose(
  grid: Grid,
  condition: MathValue,
  whenTrue: MathValue,
  whenFalse: MathValue | undefined,
): MathValue {
  for (const value of [condition, whenTrue, whenFalse]) {
    if (value?.kind === 'list') throw new MathError("The function 'IF' takes no array of time series");
  }
  if (condition.kind === 'scalar') {
    const chosen = condition.value !== 0 ? whenTrue : whenFalse;
    return { kind: 'series', series: asSeries(grid, chosen) };
  }
  if (condition.kind !== 'series') throw new Error('a list was refused above');
  const { label, points } = condition.series;
  const chosen = [...points].map(
    ([at, value]) => [at, value !== 0 ? (valueAt(whenTrue, at) ?? 0) : valueAt(whenFalse, at)] as const,
  );
  return { kind: 'series', series: { label, points: pointsOf(chosen) } };
}

function valueAt(value: MathValue | undefined, at: number): number | undefined {
  if (value?.kind === 'scalar') return value.value;
  return value?.kind === 'series' ? value.series.points.get(at) : undefined;
}

/** A scalar has its value at every start. */
export function asSeries({ starts }: Grid, value: MathValue = scalar(NaN)): TimeSeries {
  if (value.kind === 'series') return value.series;
  const filled = value.kind === 'scalar' ? value.value : undefined;
  return { label: '', points: pointsOf(starts.map((at) => [at, filled])) };
}
