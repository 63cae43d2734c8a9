import type { Engine, MetricPlace, MetricSample, Metrics, Table } from '@outbox/local-cloud-kernel';
import { bucketOf, merged, type Bucket } from './bucket';
import { metricKey, metricOfKey, type MetricId } from './metric-id';
import { restored, saved, type SavedHour } from './saved-hour';
import { Series } from './series';

/** One metric with its values, apart by the unit they were reported in. */
interface Metric {
  readonly id: MetricId;
  readonly units: Map<string, Series>;
}

/** Every metric, in memory; `save` puts what changed on disk, so a crash costs what came since. */
export class MetricStore implements Metrics {
  readonly #metrics = new Map<string, Metric>();
  readonly #gauges: ((at: number) => Iterable<MetricSample>)[] = [];
  readonly #saved: Table<SavedHour>;

  constructor(private readonly engine: Pick<Engine, 'clock' | 'store'>) {
    this.#saved = engine.store.table('cloudwatch.metrics');
    for (const [row, hour] of this.#saved.entries()) {
      const [key, unit, start] = JSON.parse(row) as [string, string, number];
      this.#series(metricOfKey(key), unit).restore(start, restored(hour));
    }
  }

  record(sample: MetricSample): void {
    this.put(sample, sample.unit, this.engine.clock.now(), bucketOf([[sample.value, 1]]));
  }

  gauge(read: (at: number) => Iterable<MetricSample>): void {
    this.#gauges.push(read);
  }

  /** Reads every gauge for the minute that ends at `at`. */
  readGauges(at: number): void {
    for (const read of this.#gauges) {
      for (const sample of read(at)) this.put(sample, sample.unit, at - 1, bucketOf([[sample.value, 1]]));
    }
  }

  /** Adds values at a time; those too old to be kept are dropped. */
  put(id: MetricId, unit: string, at: number, added: Bucket): void {
    this.#series(id, unit).add(at, this.engine.clock.now(), added);
  }

  /** Buckets of a metric that start from `from` to `to` (exclusive), of one unit or of all; in no order. */
  *buckets(id: MetricId, unit: string | undefined, from: number, to: number): Iterable<readonly [number, Bucket]> {
    for (const [name, series] of this.#metrics.get(metricKey(id))?.units ?? []) {
      if (unit === undefined || unit === name) yield* series.between(from, to);
    }
  }

  /** The units a metric was reported in. */
  units(id: MetricId): string[] {
    return [...(this.#metrics.get(metricKey(id))?.units.keys() ?? [])];
  }

  /** All of a span in one bucket; undefined when nothing was reported in it. */
  over(id: MetricId, unit: string | undefined, from: number, to: number): Bucket | undefined {
    let sum: Bucket | undefined;
    for (const [, bucket] of this.buckets(id, unit, from, to)) sum = sum ? merged(sum, bucket) : bucket;
    return sum;
  }

  /** The metrics of a place that had a value since `since`. */
  list(place: MetricPlace, since: number): MetricId[] {
    return [...this.#metrics.values()]
      .filter(({ id }) => id.accountId === place.accountId && id.region === place.region)
      .filter(({ units }) => [...units.values()].some((series) => (series.latest() ?? -Infinity) >= since))
      .map(({ id }) => id);
  }

  /** Makes old values coarser and puts on disk what changed. */
  save(): void {
    const now = this.engine.clock.now();
    for (const [key, { units }] of this.#metrics) {
      for (const [unit, series] of units) {
        series.age(now);
        for (const start of series.changed) {
          const hour = series.hour(start);
          const row = JSON.stringify([key, unit, start]);
          if (hour) {
            const plain = saved(hour);
            this.#saved.set(row, plain);
            // Nothing is kept twice.
            series.restore(start, restored(plain));
          } else this.#saved.delete(row);
        }
        series.changed.clear();
        if (series.isEmpty) units.delete(unit);
      }
      if (units.size === 0) this.#metrics.delete(key);
    }
  }

  #series(id: MetricId, unit: string): Series {
    const key = metricKey(id);
    const metric = this.#metrics.get(key) ?? { id: metricOfKey(key), units: new Map<string, Series>() };
    this.#metrics.set(key, metric);
    const series = metric.units.get(unit) ?? new Series();
    metric.units.set(unit, series);
    return series;
  }
}
