import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { alarmArn, type AlarmRecord, type CompositeAlarmRecord, type MetricAlarmRecord } from '../model';

/** A metric alarm as DescribeAlarms answers it. */
export function describeMetricAlarm(alarm: MetricAlarmRecord): MetricAlarm {
  const { settings } = alarm;
  return { ...settings, ...common(alarm), Dimensions: settings.Dimensions ?? [] };
}

/** A composite alarm as DescribeAlarms answers it. */
export function describeCompositeAlarm(alarm: CompositeAlarmRecord): CompositeAlarm {
  return { ...alarm.settings, ...common(alarm), AlarmRule: alarm.rule };
}

function common(alarm: AlarmRecord) {
  const { settings } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm, alarm.name),
    ActionsEnabled: settings.ActionsEnabled ?? true,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateTransitionedAt ?? alarm.stateUpdatedAt),
  };
}

/** What is told of an alarm's children and parents. Source: API reference, DescribeAlarms, ChildrenOfAlarmName. */
export function describeBriefly(alarm: AlarmRecord) {
  const { AlarmName, AlarmArn, StateValue, StateUpdatedTimestamp } = common(alarm);
  return { AlarmName, AlarmArn, StateValue, StateUpdatedTimestamp };
}
