import type { Engine, MetricSample, Metrics } from '@outbox/local-cloud-kernel';
import { bucketOf, merged, type Bucket } from './bucket';

const MINUTE_MS = 60_000;

/** Every metric by name and dimensions, its values gathered by the minute. */
export class MetricStore implements Metrics {
  readonly #series = new Map<string, Map<number, Bucket>>();
  readonly #gauges: ((at: number) => Iterable<MetricSample>)[] = [];

  constructor(private readonly engine: Pick<Engine, 'clock'>) {}

  record(sample: MetricSample): void {
    const key = keyOf(sample);
    const minutes = this.#series.get(key) ?? new Map<number, Bucket>();
    this.#series.set(key, minutes);
    const minute = Math.floor(this.engine.clock.now() / MINUTE_MS) * MINUTE_MS;
    const added = bucketOf([[sample.value, 1]]);
    const known = minutes.get(minute);
    minutes.set(minute, known ? merged(known, added) : added);
  }

  gauge(read: (at: number) => Iterable<MetricSample>): void {
    this.#gauges.push(read);
  }
}

function keyOf({ accountId, region, namespace, name, dimensions, unit }: MetricSample): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([accountId, region, namespace, name, sorted, unit]);
}
