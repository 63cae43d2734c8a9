import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { formatArn, type MetricPlace } from '@outbox/local-cloud-kernel';

/** What an alarm may be in. */
export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm is in, and why. */
export interface AlarmState {
  readonly state: StateValue;
  readonly stateReason: string;
  /** JSON. */
  readonly stateReasonData?: string | undefined;
}

interface AnyAlarm extends MetricPlace, AlarmState {
  readonly name: string;
  /** Epoch milliseconds, as are all times here. */
  readonly updatedAt: number;
  readonly stateUpdatedAt: number;
  /** When it last came to another state; a state may be set anew. Since it was made where undefined. */
  readonly stateTransitionedAt?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** An alarm on a metric. */
export interface MetricAlarmRecord extends AnyAlarm {
  readonly settings: Omit<PutMetricAlarmCommandInput, 'AlarmName' | 'Tags'>;
}

/** An alarm on the states of others. */
export interface CompositeAlarmRecord extends AnyAlarm {
  readonly settings: Omit<PutCompositeAlarmCommandInput, 'AlarmName' | 'Tags'>;
  readonly rule: string;
}

export type AlarmRecord = MetricAlarmRecord | CompositeAlarmRecord;

export function isComposite(alarm: AlarmRecord): alarm is CompositeAlarmRecord {
  return 'rule' in alarm;
}

export function alarmArn(place: MetricPlace, name: string): string {
  return formatArn('cloudwatch', place.region, place.accountId, `alarm:${name}`);
}

/** Dashboards are global: an account's, in no region. */
export interface DashboardRecord {
  readonly accountId: string;
  readonly name: string;
  readonly body: string;
  readonly updatedAt: number;
}
