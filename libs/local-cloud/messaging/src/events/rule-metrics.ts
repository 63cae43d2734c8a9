import type { Engine, MetricUnit } from '@outbox/local-cloud-kernel';
import type { StoredRule } from './event-store';
import { DEFAULT_BUS } from './names';

/** What EventBridge reports of rules and their targets. Source: EventBridge guide, "Monitoring Amazon EventBridge". */
export type RuleMetric =
  | 'MatchedEvents'
  | 'TriggeredRules'
  | 'Invocations'
  | 'FailedInvocations'
  | 'InvocationAttempts'
  | 'RetryInvocationAttempts'
  | 'SuccessfulInvocationAttempts'
  | 'InvocationsSentToDlq'
  | 'InvocationsFailedToBeSentToDlq'
  | 'IngestionToInvocationSuccessLatency';

/** Records it by rule, and by bus and rule where the bus is not the default one. */
export function recordRuleMetric(
  { metrics }: Pick<Engine, 'metrics'>,
  { bus, name: RuleName }: Pick<StoredRule, 'bus' | 'name'>,
  name: RuleMetric,
  value = 1,
  unit: MetricUnit = 'Count',
): void {
  const { accountId, region } = bus;
  const sample = { accountId, region, namespace: 'AWS/Events', name, value, unit };
  metrics.record({ ...sample, dimensions: { RuleName } });
  if (bus.name !== DEFAULT_BUS) metrics.record({ ...sample, dimensions: { EventBusName: bus.name, RuleName } });
}
