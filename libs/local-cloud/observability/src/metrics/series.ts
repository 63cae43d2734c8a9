import { GrowingBucket, type Bucket } from './bucket';

/** One minute in milliseconds: what metrics are gathered by. */
export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How fine values are kept by age. AWS keeps minutes for 15 days, 5 minutes for 63 and hours for 455; memory and disk
 * of one machine are smaller.
 */
const RESOLUTIONS = [
  { spanMs: MINUTE_MS, untilMs: 6 * HOUR_MS },
  { spanMs: 5 * MINUTE_MS, untilMs: 2 * DAY_MS },
  { spanMs: HOUR_MS, untilMs: 15 * DAY_MS },
] as const;

/** One hour of a series, in buckets of one length. */
export interface Hour {
  readonly spanMs: number;
  readonly buckets: Map<number, Bucket>;
}

/** The values of one metric in one unit over time; times in epoch milliseconds. */
export class Series {
  readonly #hours = new Map<number, Hour>();
  /** Hours that changed since they were last saved, by their start. */
  readonly changed = new Set<number>();

  /** False when `at` is older than anything that is kept. */
  add(at: number, now: number, added: Bucket): boolean {
    const start = floor(at, HOUR_MS);
    const spanMs = spanOf(now - start);
    if (spanMs === undefined) return false;
    const hour = this.#hours.get(start) ?? { spanMs, buckets: new Map<number, Bucket>() };
    this.#hours.set(start, hour);
    this.changed.add(start);
    put(hour, at, added);
    return true;
  }

  /** Every bucket that starts from `from` (inclusive) to `to` (exclusive), in no order. */
  *between(from: number, to: number): Iterable<readonly [start: number, bucket: Bucket]> {
    if (to - from > this.#hours.size * HOUR_MS) {
      for (const hour of this.#hours.values()) yield* within(hour, from, to);
      return;
    }
    for (let start = floor(from, HOUR_MS); start < to; start += HOUR_MS) {
      const hour = this.#hours.get(start);
      if (hour) yield* within(hour, from, to);
    }
  }

  /** When the latest value was reported, by its bucket; undefined when there is none. */
  latest(): number | undefined {
    if (this.#hours.size === 0) return undefined;
    const hour = this.#hours.get(Math.max(...this.#hours.keys()));
    return hour ? Math.max(...hour.buckets.keys()) : undefined;
  }

  /** Makes what grew old coarser, and forgets the oldest. */
  age(now: number): void {
    for (const [start, hour] of this.#hours) {
      const spanMs = spanOf(now - start);
      if (spanMs === hour.spanMs) continue;
      this.changed.add(start);
      if (spanMs === undefined) {
        this.#hours.delete(start);
        continue;
      }
      const coarser: Hour = { spanMs, buckets: new Map() };
      for (const [at, bucket] of hour.buckets) put(coarser, at, bucket);
      this.#hours.set(start, coarser);
    }
  }

  hour(start: number): Hour | undefined {
    return this.#hours.get(start);
  }

  /** Takes an hour back that was saved. */
  restore(start: number, hour: Hour): void {
    this.#hours.set(start, hour);
  }

  get isEmpty(): boolean {
    return this.#hours.size === 0;
  }
}

function put(hour: Hour, at: number, added: Bucket): void {
  const start = floor(at, hour.spanMs);
  const known = hour.buckets.get(start);
  if (known instanceof GrowingBucket) {
    known.add(added);
    return;
  }
  const growing = new GrowingBucket();
  hour.buckets.set(start, (known ? growing.add(known) : growing).add(added));
}

function* within(hour: Hour, from: number, to: number): Iterable<readonly [number, Bucket]> {
  for (const entry of hour.buckets) if (entry[0] >= from && entry[0] < to) yield entry;
}

function spanOf(ageMs: number): number | undefined {
  return RESOLUTIONS.find(({ untilMs }) => ageMs < untilMs)?.spanMs;
}

function floor(at: number, spanMs: number): number {
  return Math.floor(at / spanMs) * spanMs;
}
