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

/** Records it by rule on the default bus, by bus and rule on any other. */
export function recordRuleMetric(
  { metrics }: Pick<Engine, 'metrics'>,
  { bus, name: RuleName }: Pick<StoredRule, 'bus' | 'name'>,
  name: RuleMetric,
  value = 1,
  unit: MetricUnit = 'Count',
): void {
  const { accountId, region } = bus;
  const sample = { accountId, region, namespace: 'AWS/Events', name, value, unit };
  const onBus: Record<string, string> = bus.name === DEFAULT_BUS ? {} : { EventBusName: bus.name };
  metrics.record({ ...sample, dimensions: { ...onBus, RuleName } });
}
