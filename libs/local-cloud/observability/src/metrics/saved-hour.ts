import type { Bucket } from './bucket';
import type { Hour } from './series';

/** A bucket on disk: start, count, sum, min, max, then values and how often each occurred, or null without them. */
type SavedBucket = readonly [number, number, number, number, number, readonly number[] | null];

/** One hour of a series on disk. */
export interface SavedHour {
  readonly spanMs: number;
  readonly buckets: readonly SavedBucket[];
}

/** The hour as plain data. */
export function saved({ spanMs, buckets }: Hour): SavedHour {
  return {
    spanMs,
    buckets: [...buckets].map(([start, { count, sum, min, max, values }]) => [
      start,
      count,
      sum,
      min,
      max,
      values ? [...values].flat() : null,
    ]),
  };
}

/** The hour that was saved. */
export function restored({ spanMs, buckets }: SavedHour): Hour {
  return {
    spanMs,
    buckets: new Map(
      buckets.map(([start, count, sum, min, max, flat]): [number, Bucket] => [
        start,
        { count, sum, min, max, values: flat ? pairs(flat) : undefined },
      ]),
    ),
  };
}

function pairs(flat: readonly number[]): Map<number, number> {
  const values = new Map<number, number>();
  for (let index = 0; index + 1 < flat.length; index += 2) values.set(flat[index] ?? 0, flat[index + 1] ?? 0);
  return values;
}
