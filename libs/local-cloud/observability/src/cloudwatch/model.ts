import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { RequestContext } from '@outbox/local-cloud-kernel';

/** The account and region an alarm lives in. */
export type Place = Pick<RequestContext, 'accountId' | 'region'>;

export interface AlarmRecord extends Place {
  readonly name: string;
  readonly settings: Omit<PutMetricAlarmCommandInput, 'AlarmName' | 'Tags'>;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly stateReason: string;
  readonly stateUpdatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Dashboards are global: an account's, in no region. */
export interface DashboardRecord {
  readonly accountId: string;
  readonly name: string;
  readonly body: string;
  readonly updatedAt: number;
}
