import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { dimensionRecord } from '../../metrics/metric-id';
import { alarmArn, isComposite, type AlarmRecord } from '../model';
import { alarmMail } from './alarm-mail';
import type { StateChange } from './alarm-event';
import { regionName } from './region-names';
import { timestamp } from './state-reason';
import { triggeringAlarms, type TriggeringAlarm } from './triggering-alarms';
import { watchedBy } from './watched';

/** A topic takes subjects of at most a hundred characters. Source: SNS API reference, Publish. */
const MAX_SUBJECT = 100;

/** What a topic is told of a change: one message for programs, another for people, as CloudWatch publishes them. */
export interface AlarmNotification {
  readonly Subject: string;
  /** JSON of messages by protocol, for `MessageStructure` json. */
  readonly Message: string;
}

/** The notification of a change of state. Source: user guide, "Notifying users on alarm changes". */
export function alarmNotification(change: StateChange): AlarmNotification {
  const { alarm, next } = change;
  const region = regionName(alarm.region);
  const heading = (name: string): string => `${next.state}: "${name}" in ${region}`;
  const room = MAX_SUBJECT - heading('').length;
  const name = alarm.name.replace(/[^\x20-\x7e]+/g, '_');
  return {
    Subject: heading(name.length > room ? `${name.slice(0, room - 3)}...` : name),
    Message: JSON.stringify({ default: JSON.stringify(alarmMessage(change)), email: alarmMail(change) }),
  };
}

/** What programs read of a change: the message of a queue, a function or `email-json`. */
function alarmMessage({ alarm, next, at }: StateChange) {
  const { settings } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: alarm.accountId,
    ...(isComposite(alarm) ? {} : { AlarmConfigurationUpdatedTimestamp: timestamp(alarm.updatedAt) }),
    NewStateValue: next.state,
    NewStateReason: next.stateReason,
    StateChangeTime: timestamp(at),
    Region: regionName(alarm.region),
    AlarmArn: alarmArn(alarm, alarm.name),
    OldStateValue: alarm.state,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    ...(isComposite(alarm)
      ? { AlarmRule: alarm.rule, TriggeringChildren: triggeringAlarms(next).map(childOf) }
      : { Trigger: triggerOf(alarm) }),
  };
}

function childOf({ arn, state }: TriggeringAlarm) {
  return { Arn: arn, State: { Value: state.value, Timestamp: state.timestamp } };
}

function triggerOf(alarm: Exclude<AlarmRecord, { readonly rule: string }>) {
  const { settings } = alarm;
  const { metric, periodMs } = watchedBy(alarm);
  const evaluation = {
    Period: periodMs / 1000,
    EvaluationPeriods: settings.EvaluationPeriods,
    ...(settings.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: settings.DatapointsToAlarm }),
    ComparisonOperator: settings.ComparisonOperator,
    Threshold: settings.Threshold,
    TreatMissingData: settings.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: settings.EvaluateLowSampleCountPercentile ?? '',
  };
  if (!metric || (settings.Metrics !== undefined && settings.Metrics.length > 0)) {
    return { ...evaluation, Metrics: settings.Metrics?.map(queryOf) };
  }
  const { id, statistic, unit } = metric;
  const isPercentile = settings.ExtendedStatistic !== undefined;
  return {
    MetricName: id.name,
    Namespace: id.namespace,
    StatisticType: isPercentile ? 'ExtendedStatistic' : 'Statistic',
    Statistic: isPercentile ? statistic : statistic.toUpperCase(),
    Unit: unit ?? null,
    Dimensions: dimensionsOf(id.dimensions),
    ...evaluation,
  };
}

function queryOf({ Expression, Id, Label, MetricStat, Period, ReturnData }: MetricDataQuery) {
  if (Expression !== undefined) return { Expression, Id, Label, Period, ReturnData };
  const metric = MetricStat?.Metric;
  return {
    Id,
    Label,
    MetricStat: {
      Metric: {
        Dimensions: dimensionsOf(dimensionRecord(metric?.Dimensions)),
        MetricName: metric?.MetricName,
        Namespace: metric?.Namespace,
      },
      Period: MetricStat?.Period,
      Stat: MetricStat?.Stat,
      Unit: MetricStat?.Unit,
    },
    ReturnData,
  };
}

/** Notifications have names of their own for the parts of a dimension. */
function dimensionsOf(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}
