import { dimensionRecord } from '../../metrics/metric-id';
import { alarmArn, isComposite, type AlarmRecord, type AlarmState } from '../model';
import { timestamp } from './state-reason';
import { watchedBy } from './watched';

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
  const listed = alarm.settings.Metrics?.map((query) => ({
    id: query.Id,
    label: query.Label,
    metricStat: query.MetricStat && {
      metric: {
        namespace: query.MetricStat.Metric?.Namespace,
        name: query.MetricStat.Metric?.MetricName,
        dimensions: dimensionRecord(query.MetricStat.Metric?.Dimensions),
      },
      period: query.MetricStat.Period,
      stat: query.MetricStat.Stat,
      unit: query.MetricStat.Unit,
    },
    returnData: query.ReturnData ?? true,
  }));
  const { id, periodMs, statistic, unit } = watchedBy(alarm);
  const single = {
    id: 'm1',
    metricStat: {
      metric: { namespace: id.namespace, name: id.name, dimensions: id.dimensions },
      period: periodMs / 1000,
      stat: statistic,
      unit,
    },
    returnData: true,
  };
  return { ...described, metrics: listed ?? [single] };
}
