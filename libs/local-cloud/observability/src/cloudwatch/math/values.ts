/** The periods that a result covers, oldest first; times in epoch milliseconds. */
export interface Grid {
  readonly starts: readonly number[];
  readonly periodMs: number;
}

/** Values of one metric or expression by the start of their period; a period without data has no entry. */
export interface TimeSeries {
  readonly label: string;
  readonly points: ReadonlyMap<number, number>;
}

/** What an expression comes to. Source: CloudWatch user guide, "Using metric math", data type abbreviations. */
export type MathValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: TimeSeries }
  | { readonly kind: 'list'; readonly list: readonly TimeSeries[] };

/** Something is wrong with an expression itself; the message says what, without the expression's id. */
export class MathError extends Error {
  override readonly name = 'MathError';
}

/** How messages name the kinds of values. */
const KINDS = { scalar: 'Scalar', series: 'TimeSeries', list: 'Array[TimeSeries]' } as const;

export function kindOf({ kind }: MathValue): string {
  return KINDS[kind];
}

export function scalar(value: number): MathValue {
  return { kind: 'scalar', value };
}

export function series(label: string, points: ReadonlyMap<number, number>): MathValue {
  return { kind: 'series', series: { label, points } };
}

export function list(all: readonly TimeSeries[]): MathValue {
  return { kind: 'list', list: all };
}

/** The grid of a span, which begins at `from`; the end is exclusive. */
export function gridOf(from: number, to: number, periodMs: number): Grid {
  const count = Math.max(0, Math.ceil((to - from) / periodMs));
  return { starts: Array.from({ length: count }, (_, index) => from + index * periodMs), periodMs };
}

/** Only finite values are datapoints: a division by zero drops one. Source: as above, "Basic arithmetic functions". */
export function pointsOf(entries: Iterable<readonly [at: number, value: number | undefined]>): Map<number, number> {
  const points = new Map<number, number>();
  for (const [at, value] of entries) if (value !== undefined && Number.isFinite(value)) points.set(at, value);
  return points;
}

/** A series with a function of its values, on each value. */
export function mapPoints({ label, points }: TimeSeries, change: (value: number) => number): TimeSeries {
  return { label, points: pointsOf([...points].map(([at, value]) => [at, change(value)])) };
}

/** Every start at which one of the series has a value, oldest first. */
export function startsOf(all: readonly TimeSeries[]): number[] {
  return [...new Set(all.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
}
