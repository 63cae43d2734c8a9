import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { alarmArn, isComposite, type AlarmRecord, type AlarmState, type MetricAlarmRecord } from '../model';
import { timestamp } from './state-reason';
import { metricOf, watchedBy, type WatchedMetric } from './watched';

/** A change of an alarm's state, told on the default bus and to functions. */
export interface StateChange {
  /** As it was before. */
  readonly alarm: AlarmRecord;
  readonly next: AlarmState;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The detail of `CloudWatch Alarm State Change`. Source: user guide, "Alarm events and EventBridge". */
export function stateChangeDetail({ alarm, next, at }: StateChange) {
  return {
    alarmName: alarm.name,
    state: stateOf(next, at),
    previousState: stateOf(alarm, alarm.stateUpdatedAt),
    configuration: configurationOf(alarm),
  };
}

/** What a function gets as an alarm's action. Source: user guide, "Invoke a Lambda function from an alarm". */
export function lambdaPayload(change: StateChange) {
  const { alarm, at } = change;
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarmArn(alarm, alarm.name),
    accountId: alarm.accountId,
    time: timestamp(at),
    region: alarm.region,
    alarmData: stateChangeDetail(change),
  };
}

function stateOf({ state, stateReason, stateReasonData }: AlarmState, at: number) {
  return {
    value: state,
    reason: stateReason,
    ...(stateReasonData === undefined ? {} : { reasonData: stateReasonData }),
    timestamp: timestamp(at),
  };
}

function configurationOf(alarm: AlarmRecord) {
  const described = alarm.settings.AlarmDescription ? { description: alarm.settings.AlarmDescription } : {};
  if (isComposite(alarm)) return { ...described, alarmRule: alarm.rule };
  const { metric, periodMs } = watchedBy(alarm);
  const single = { id: 'm1', metricStat: metric && metricStatOf(metric, periodMs / 1000), returnData: true };
  return { ...described, metrics: alarm.settings.Metrics?.map((query) => queryOf(alarm, query)) ?? [single] };
}

function queryOf(alarm: MetricAlarmRecord, { Id, Label, MetricStat, Expression, Period, ReturnData }: MetricDataQuery) {
  return {
    id: Id,
    label: Label,
    ...(MetricStat
      ? { metricStat: metricStatOf(metricOf(alarm, MetricStat), MetricStat.Period) }
      : { expression: Expression, period: Period }),
    returnData: ReturnData ?? true,
  };
}

function metricStatOf({ id, statistic, unit }: WatchedMetric, period: number | undefined) {
  const { namespace, name, dimensions } = id;
  return { metric: { namespace, name, dimensions }, period, stat: statistic, unit };
}
