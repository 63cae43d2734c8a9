import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { labelOf } from '../math/queries';
import { alarmArn, isComposite, type AlarmRecord, type MetricAlarmRecord } from '../model';
import type { StateChange } from './alarm-event';
import { regionName } from './region-names';
import { decimal, longDate } from './state-reason';
import { triggeringAlarms } from './triggering-alarms';
import { watchedBy, type WatchedMetric } from './watched';

/** More than so many alarms behind a composite one are not listed. */
const MOST_CHILDREN = 10;

/** What people read of a change: the message of the protocol `email`. */
export function alarmMail(change: StateChange): string {
  const { alarm, next, at } = change;
  const { settings } = alarm;
  const when = longDate(at);
  const opening = `You are receiving this email because your Amazon CloudWatch Alarm "${alarm.name}" in the ${regionName(alarm.region)} region has`;
  return [
    isComposite(alarm)
      ? `${opening} transitioned to ${next.state} state on ${when}, because "${next.stateReason}".`
      : `${opening} entered the ${next.state} state, because "${next.stateReason}" at "${when}".`,
    '',
    'View this alarm in the AWS Management Console:',
    `https://${alarm.region}.console.aws.amazon.com/cloudwatch/deeplink.js?region=${alarm.region}#alarmsV2:alarm/${encodeURIComponent(alarm.name)}`,
    '',
    'Alarm Details:',
    detail('Name', alarm.name),
    detail('Description', settings.AlarmDescription ?? ''),
    detail('State Change', `${alarm.state} -> ${next.state}`),
    ...(isComposite(alarm) ? [detail('Alarm Rule', alarm.rule)] : []),
    detail('Reason for State Change', next.stateReason),
    detail('Timestamp', when),
    detail('AWS Account', alarm.accountId),
    detail('Alarm Arn', alarmArn(alarm, alarm.name)),
    '',
    ...(isComposite(alarm) ? childrenOf(change) : metricOf(alarm)),
    '',
    'State Change Actions:',
    `- OK: ${list(settings.OKActions)}`,
    `- ALARM: ${list(settings.AlarmActions)}`,
    `- INSUFFICIENT_DATA: ${list(settings.InsufficientDataActions)}`,
    '',
  ].join('\n');
}

function childrenOf({ next }: StateChange): string[] {
  const children = triggeringAlarms(next).slice(0, MOST_CHILDREN);
  return [
    `Triggering children (max. ${MOST_CHILDREN}):`,
    ...children.map(({ arn, state }) => `- ${arn}   ${state.value.padEnd(20)}${longDate(Date.parse(state.timestamp))}`),
  ];
}

function metricOf(alarm: MetricAlarmRecord): string[] {
  const { settings } = alarm;
  const { metric, periodMs, query } = watchedBy(alarm);
  const periods = settings.EvaluationPeriods ?? 1;
  const seconds = periodMs / 1000;
  return [
    'Threshold:',
    `- The alarm is in the ALARM state when the metric is ${settings.ComparisonOperator} ${decimal(settings.Threshold ?? 0)} for at least ${settings.DatapointsToAlarm ?? periods} of the last ${periods} period(s) of ${seconds} seconds.`,
    '',
    'Monitored Metric:',
    ...(metric ? metricLines(metric, seconds) : expressionLines(query, seconds)),
    wide('TreatMissingData', settings.TreatMissingData ?? 'missing'),
  ];
}

function metricLines({ id, statistic, unit }: WatchedMetric, seconds: number): string[] {
  const dimensions = Object.entries(id.dimensions).map(([name, value]) => `[${name} = ${value}]`);
  return [
    wide('MetricNamespace', id.namespace),
    wide('MetricName', id.name),
    wide('Dimensions', dimensions.join(' ')),
    wide('Period', `${seconds} seconds`),
    wide('Statistic', statistic),
    wide('Unit', unit ?? 'not specified'),
  ];
}

function expressionLines(query: MetricDataQuery | undefined, seconds: number): string[] {
  return [
    wide('MetricExpression', query?.Expression ?? ''),
    wide('MetricLabel', query ? labelOf(query) : ''),
    wide('Period', `${seconds} seconds`),
  ];
}

function detail(name: string, value: string): string {
  return `${`- ${name}:`.padEnd(30)}${value}`;
}

function wide(name: string, value: string): string {
  return `${`- ${name}:`.padEnd(39)}${value}`;
}

function list(actions: AlarmRecord['settings']['AlarmActions']): string {
  return actions && actions.length > 0 ? `[${actions.join(', ')}]` : '';
}
