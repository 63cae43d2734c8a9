import type { Bucket, Weighted } from './bucket';
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
  return { spanMs, buckets: [...buckets].map(([start, bucket]) => rowOf(start, bucket)) };
}

/** The hour that was saved. It takes no memory of its own for the values. */
export function restored({ spanMs, buckets }: SavedHour): Hour {
  return { spanMs, buckets: new Map(buckets.map((row) => [row[0], new RestoredBucket(row)])) };
}

function rowOf(start: number, bucket: Bucket): SavedBucket {
  if (bucket instanceof RestoredBucket) return bucket.row;
  const { count, sum, min, max, values } = bucket;
  return [start, count, sum, min, max, values ? [...values].flat() : null];
}

/** A bucket that reads what was saved of it. */
class RestoredBucket implements Bucket {
  constructor(readonly row: SavedBucket) {}

  get count(): number {
    return this.row[1];
  }

  get sum(): number {
    return this.row[2];
  }

  get min(): number {
    return this.row[3];
  }

  get max(): number {
    return this.row[4];
  }

  get values(): Iterable<Weighted> | undefined {
    const [, , , , , flat] = this.row;
    return flat ? pairs(flat) : undefined;
  }
}

function* pairs(flat: readonly number[]): Iterable<Weighted> {
  for (let index = 0; index + 1 < flat.length; index += 2) yield [flat[index] ?? 0, flat[index + 1] ?? 0];
}
