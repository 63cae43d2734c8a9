import { Metrics as PowertoolsMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Metrics of one function; they leave it as CloudWatch Embedded Metric Format lines on `flush`. */
export interface Metrics {
  /** Adds to a counter (default 1). */
  count(name: string, value?: number): void;
  /** Records a duration in milliseconds. */
  milliseconds(name: string, value: number): void;
  /** Records whether one thing was as it should be: 100 or 0, so that the metric's average is the share in percent. */
  percent(name: string, good: boolean): void;
  /** Writes what was recorded since the last flush; call once per invocation, in a `finally`. */
  flush(): void;
}

/**
 * Powertools' metrics: namespace POWERTOOLS_METRICS_NAMESPACE, dimensions `service` (POWERTOOLS_SERVICE_NAME) and
 * `function_name` (AWS_LAMBDA_FUNCTION_NAME), which keeps the stacks of one account apart. One set of dimensions: each
 * further one would be a further metric to pay for.
 */
export function createMetrics(variables: Readonly<Record<string, string | undefined>> = process.env): Metrics {
  const functionName = variables['AWS_LAMBDA_FUNCTION_NAME'];
  const metrics = new PowertoolsMetrics(functionName ? { defaultDimensions: { function_name: functionName } } : {});
  return {
    count: (name, value = 1) => void metrics.addMetric(name, MetricUnit.Count, value),
    milliseconds: (name, value) => void metrics.addMetric(name, MetricUnit.Milliseconds, value),
    percent: (name, good) => void metrics.addMetric(name, MetricUnit.Percent, good ? 100 : 0),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
