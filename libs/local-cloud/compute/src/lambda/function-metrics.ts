import type { Engine, MetricUnit } from '@outbox/local-cloud-kernel';
import type { FunctionName } from './names';

/** What Lambda reports of functions. Source: Lambda developer guide, "Viewing metrics for Lambda functions". */
export type FunctionMetric =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'AsyncEventsReceived'
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures'
  | 'IteratorAge';

/** Records it for the account, for the function, and for the version or alias it was called by. */
export function recordFunctionMetric(
  { metrics }: Pick<Engine, 'metrics'>,
  { accountId, region, name: FunctionName, qualifier }: FunctionName,
  name: FunctionMetric,
  value = 1,
  unit: MetricUnit = 'Count',
): void {
  const sample = { accountId, region, namespace: 'AWS/Lambda', name, value, unit };
  metrics.record({ ...sample, dimensions: {} });
  metrics.record({ ...sample, dimensions: { FunctionName } });
  const Resource = qualifier === undefined ? FunctionName : `${FunctionName}:${qualifier}`;
  metrics.record({ ...sample, dimensions: { FunctionName, Resource } });
}
