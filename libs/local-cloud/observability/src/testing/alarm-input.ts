import type { InputOf } from '@outbox/local-cloud-kernel';

export type AlarmInput = Partial<InputOf<'cloudwatch', 'PutMetricAlarm'>>;

/** An alarm on a metric of its own name, on when the maximum of a minute is above 5; `over` says what differs. */
export function maximumAbove5(name: string, over: AlarmInput): InputOf<'cloudwatch', 'PutMetricAlarm'> {
  return {
    AlarmName: name,
    Namespace: 'Outbox',
    MetricName: name,
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    ...over,
  };
}
