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
 * Powertools' metrics, made for the first value: namespace POWERTOOLS_METRICS_NAMESPACE, dimensions `service`
 * (POWERTOOLS_SERVICE_NAME) and `function_name` (AWS_LAMBDA_FUNCTION_NAME), which keeps the stacks of one account apart.
 * One set of dimensions: each further one would be a further metric to pay for.
 */
export function createMetrics(variables: Readonly<Record<string, string | undefined>> = process.env): Metrics {
  const functionName = variables['AWS_LAMBDA_FUNCTION_NAME'];
  let metrics: PowertoolsMetrics | undefined;
  const add = (name: string, unit: Parameters<PowertoolsMetrics['addMetric']>[1], value: number): void => {
    metrics ??= new PowertoolsMetrics(functionName ? { defaultDimensions: { function_name: functionName } } : {});
    metrics.addMetric(name, unit, value);
  };
  return {
    count: (name, value = 1) => add(name, MetricUnit.Count, value),
    milliseconds: (name, value) => add(name, MetricUnit.Milliseconds, value),
    percent: (name, good) => add(name, MetricUnit.Percent, good ? 100 : 0),
    flush: () => {
      if (metrics?.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
