import { Metrics as PowertoolsMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Metrics of one function; they leave it as CloudWatch Embedded Metric Format lines on `flush`. */
export interface Metrics {
  /** Adds to a counter (default 1). */
  count(name: string, value?: number): void;
  /** Records a duration in milliseconds. */
  milliseconds(name: string, value: number): void;
  /** Writes what was recorded since the last flush; call once per invocation, in a `finally`. */
  flush(): void;
}

/**
 * Powertools' metrics; namespace and the one dimension `service` come from POWERTOOLS_METRICS_NAMESPACE and
 * POWERTOOLS_SERVICE_NAME.
 */
export function createMetrics(): Metrics {
  const metrics = new PowertoolsMetrics();
  return {
    count: (name, value = 1) => void metrics.addMetric(name, MetricUnit.Count, value),
    milliseconds: (name, value) => void metrics.addMetric(name, MetricUnit.Milliseconds, value),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
