/** The units CloudWatch knows that the engine's services report in. Source: API reference, MetricDatum. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'None';

/** The account and region a metric belongs to. */
export interface MetricPlace {
  readonly accountId: string;
  readonly region: string;
}

/** One value of one metric, as AWS documents its name, namespace, dimensions and unit. */
export interface MetricSample extends MetricPlace {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: MetricUnit;
}

/** Where services report what AWS reports of them: CloudWatch keeps it and evaluates alarms over it. */
export interface Metrics {
  /** Something happened now. */
  record(sample: MetricSample): void;
  /**
   * Something that has a value all the time (a queue's depth): `read` is called once for each minute of engine time,
   * with that minute's end in epoch milliseconds.
   */
  gauge(read: (at: number) => Iterable<MetricSample>): void;
}

/** For specs: keeps every sample, and reads the gauges when told to. */
export class CollectedMetrics implements Metrics {
  readonly samples: MetricSample[] = [];
  readonly #gauges: ((at: number) => Iterable<MetricSample>)[] = [];

  record(sample: MetricSample): void {
    this.samples.push(sample);
  }

  gauge(read: (at: number) => Iterable<MetricSample>): void {
    this.#gauges.push(read);
  }

  readGauges(at: number): MetricSample[] {
    return this.#gauges.flatMap((read) => [...read(at)]);
  }
}
