import type { Engine } from '@outbox/local-cloud-kernel';
import type { Schedule } from './schedule-store';

/** What Scheduler reports. Source: EventBridge Scheduler guide, "Monitoring with CloudWatch". */
export type ScheduleMetric =
  | 'InvocationAttemptCount'
  | 'TargetErrorCount'
  | 'TargetErrorThrottledCount'
  | 'InvocationDroppedCount'
  | 'InvocationsSentToDeadLetterCount'
  | 'InvocationsFailedToBeSentToDeadLetterCount';

/** Records it for the account and for the schedule's group. */
export function recordScheduleMetric(
  { metrics }: Pick<Engine, 'metrics'>,
  schedule: Pick<Schedule, 'groupArn' | 'region'>,
  name: ScheduleMetric,
): void {
  const { region, groupArn } = schedule;
  const [, , , , accountId = '', resource = ''] = groupArn.split(':');
  const sample = { accountId, region, namespace: 'AWS/Scheduler', name, value: 1, unit: 'Count' } as const;
  metrics.record({ ...sample, dimensions: {} });
  metrics.record({ ...sample, dimensions: { ScheduleGroup: resource.replace(/^schedule-group\//, '') } });
}
