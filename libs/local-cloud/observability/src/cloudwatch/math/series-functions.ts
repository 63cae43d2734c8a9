import {
  kindOf,
  mapPoints,
  MathError,
  pointsOf,
  scalar,
  startsOf,
  type Grid,
  type MathValue,
  type TimeSeries,
} from './values';

/** Functions from a series to a series, which take a list's series one by one. */
export const SERIES_CHANGES: Readonly<Record<string, (series: TimeSeries) => TimeSeries>> = {
  ABS: (series) => mapPoints(series, Math.abs),
  CEIL: (series) => mapPoints(series, Math.ceil),
  DIFF: (series) => changes(series, ([, before], [, value]) => value - before),
  DIFF_TIME: (series) => changes(series, ([before], [at]) => (at - before) / 1000),
  FLOOR: (series) => mapPoints(series, Math.floor),
  LOG: (series) => mapPoints(series, Math.log),
  LOG10: (series) => mapPoints(series, Math.log10),
  RATE: (series) => changes(series, ([earlier, before], [at, value]) => (value - before) / ((at - earlier) / 1000)),
  RUNNING_SUM: ({ label, points }) => {
    let sum = 0;
    return { label, points: pointsOf([...points].map(([at, value]) => [at, (sum += value)])) };
  },
};

/** Functions from a time to a number, in UTC. Days of the week begin with Monday as 1. */
export const TIMES: Readonly<Record<string, (at: number) => number>> = {
  MINUTE: (at) => new Date(at).getUTCMinutes(),
  HOUR: (at) => new Date(at).getUTCHours(),
  DAY: (at) => new Date(at).getUTCDay() || 7,
  DATE: (at) => new Date(at).getUTCDate(),
  MONTH: (at) => new Date(at).getUTCMonth() + 1,
  YEAR: (at) => new Date(at).getUTCFullYear(),
  EPOCH: (at) => at / 1000,
};

/** Sums values up; `count` is how many there would be with none missing. */
export type Summary = (values: readonly number[], count: number) => number;

const sum: Summary = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Functions that make a scalar of a series, and a series of a list. Missing values count as 0 for AVG, as the user guide
 * says; it says nothing of MIN, MAX and STDDEV, which here pass over them.
 */
export const SCALARS: Readonly<Record<string, Summary>> = {
  AVG: (values, count) => sum(values, count) / count,
  DATAPOINT_COUNT: (values) => values.length,
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Infinity),
  STDDEV: (values, count) => {
    const mean = sum(values, count) / values.length;
    return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
  },
  SUM: sum,
};

/**
 * A scalar over all of a series' values, or a series over a list's values of the same time.
 * @throws MathError for a scalar
 */
export function summarise(summary: Summary, given: MathValue, name: string, { starts }: Grid): MathValue {
  if (given.kind === 'series') return scalar(summary([...given.series.points.values()], starts.length));
  if (given.kind === 'scalar') throw new MathError(`Unsupported operand type(s) for ${name}: '[${kindOf(given)}]'`);
  const { list } = given;
  const points = pointsOf(
    startsOf(list).map((at) => {
      const values = list.flatMap(({ points: own }) => own.get(at) ?? []);
      return [at, summary(values, list.length)];
    }),
  );
  return { kind: 'series', series: { label: '', points } };
}

type Point = readonly [at: number, value: number];

/** A value for each pair of neighbouring datapoints, at the later one's time. */
function changes({ label, points }: TimeSeries, between: (before: Point, after: Point) => number): TimeSeries {
  const all: readonly Point[] = [...points];
  const entries = all.slice(1).map((point, index) => [point[0], between(all[index] ?? point, point)] as const);
  return { label, points: pointsOf(entries) };
}
