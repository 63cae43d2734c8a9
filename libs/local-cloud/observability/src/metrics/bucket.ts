/** What is known of a metric's values in one span of time. */
export interface Bucket {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /**
   * How often each value occurred, for percentiles; rounded once there are many. Undefined where only statistics were
   * reported: there are no percentiles then.
   */
  readonly values: Iterable<Weighted> | undefined;
}

/** A value, and how often it occurred. */
export type Weighted = readonly [value: number, count: number];

/** So many distinct values are kept exactly. */
const MOST_VALUES = 150;

/** One bucket out of values. */
export function bucketOf(values: readonly Weighted[]): Bucket {
  const counts = new Map<number, number>();
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (const [value, times] of values) {
    count += times;
    sum += value * times;
    min = Math.min(min, value);
    max = Math.max(max, value);
    counts.set(value, (counts.get(value) ?? 0) + times);
  }
  return { count, sum, min, max, values: thinned(counts) };
}

/** The bucket of both spans together. */
export function merged(a: Bucket, b: Bucket): Bucket {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: a.values && b.values ? union(a.values, b.values) : undefined,
  };
}

/** A bucket that takes values in: a copy of all it has for each one would cost more than all else about a value. */
export class GrowingBucket implements Bucket {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  #values: Map<number, number> | undefined = new Map<number, number>();

  get values(): ReadonlyMap<number, number> | undefined {
    return this.#values;
  }

  /** Adds what another one has, and leaves that as it is. @returns itself */
  add(added: Bucket): this {
    this.count += added.count;
    this.sum += added.sum;
    this.min = Math.min(this.min, added.min);
    this.max = Math.max(this.max, added.max);
    if (!this.#values || !added.values) {
      this.#values = undefined;
      return this;
    }
    for (const [value, times] of added.values) this.#values.set(value, (this.#values.get(value) ?? 0) + times);
    this.#values = thinned(this.#values);
    return this;
  }
}

function union(a: Iterable<Weighted>, b: Iterable<Weighted>): Iterable<Weighted> {
  const counts = new Map(a);
  for (const [value, times] of b) counts.set(value, (counts.get(value) ?? 0) + times);
  return thinned(counts);
}

/** Memory stays bounded: of many distinct values three significant digits are kept, then two, then one. */
function thinned(counts: Map<number, number>): Map<number, number> {
  let result = counts;
  for (let digits = 3; digits > 0 && result.size > MOST_VALUES; digits -= 1) {
    const rounded = new Map<number, number>();
    for (const [value, times] of result) {
      const near = Number(value.toPrecision(digits));
      rounded.set(near, (rounded.get(near) ?? 0) + times);
    }
    result = rounded;
  }
  return result;
}
