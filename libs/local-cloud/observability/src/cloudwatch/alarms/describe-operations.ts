import { AlarmType, type DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { dimensionRecord, metricKey } from '../../metrics/metric-id';
import { checkCount, checkNumber, invalidCombination, resourceNotFound, validation } from '../errors';
import { alarmArn, isComposite, type AlarmRecord } from '../model';
import { page } from '../page';
import { alarmsOf } from '../composite/rule';
import { nameOf } from './alarm-store';
import { describeBriefly, describeCompositeAlarm, describeMetricAlarm } from './describe-alarm';
import type { AlarmParts, CloudwatchOperations } from './put-alarm-operations';
import { MOST_RECORDS } from '../limits';

/** What DescribeAlarms finds alarms by, and not beside an alarm's relations. Source: API reference, DescribeAlarms. */
const FILTERS = ['AlarmNames', 'AlarmNamePrefix', 'AlarmTypes', 'StateValue', 'ActionPrefix'] as const;

/** Alarms and their history: found. */
export function describeOperations({ alarms, history }: AlarmParts): CloudwatchOperations {
  const onAll = (action: string) => (_: unknown, context: RequestContext) => [
    { action: `cloudwatch:${action}`, resource: alarmArn(context, '*') },
  ];
  const related = (input: DescribeAlarmsCommandInput, context: RequestContext): AlarmRecord[] => {
    const { ChildrenOfAlarmName: parent, ParentsOfAlarmName: child } = input;
    if (child !== undefined) return alarms.dependents(context, child);
    if (parent === undefined) return alarms.of(context);
    const alarm = alarms.find(context, parent);
    if (!alarm) throw resourceNotFound(`Alarm ${parent} does not exist`);
    const names = isComposite(alarm) ? alarmsOf(alarm.rule).map(nameOf) : [];
    return alarms.of(context).filter(({ name }) => names.includes(name));
  };

  return {
    DescribeAlarms: {
      requires: onAll('DescribeAlarms'),
      handle: (input, context) => {
        checkDescribe(input);
        const kin = input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined;
        const types = input.AlarmTypes?.length ? input.AlarmTypes : [AlarmType.MetricAlarm];
        const names = input.AlarmNames?.length ? input.AlarmNames : undefined;
        const found = related(input, context)
          .filter((alarm) => kin || types.includes(isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm'))
          .filter(({ name }) => names?.includes(name) ?? true)
          .filter(({ name }) => name.startsWith(input.AlarmNamePrefix ?? ''))
          .filter(({ state }) => !input.StateValue || state === input.StateValue)
          .filter(
            (alarm) => !input.ActionPrefix || actionsOf(alarm).some((arn) => arn.startsWith(input.ActionPrefix ?? '')),
          );
        const { items, NextToken } = page(found, input.NextToken, input.MaxRecords ?? 50);
        return {
          MetricAlarms: items.flatMap((alarm) =>
            isComposite(alarm) ? [] : kin ? describeBriefly(alarm) : describeMetricAlarm(alarm),
          ),
          CompositeAlarms: items.flatMap((alarm) =>
            isComposite(alarm) ? (kin ? describeBriefly(alarm) : describeCompositeAlarm(alarm)) : [],
          ),
          NextToken,
        };
      },
    },
    DescribeAlarmsForMetric: {
      requires: onAll('DescribeAlarmsForMetric'),
      handle: (input, context) => {
        const key = metricKey({
          accountId: context.accountId,
          region: context.region,
          namespace: input.Namespace ?? '',
          name: input.MetricName ?? '',
          dimensions: dimensionRecord(input.Dimensions),
        });
        const found = alarms.of(context).flatMap((alarm) => {
          if (isComposite(alarm) || !alarm.settings.MetricName) return [];
          const { settings } = alarm;
          const { accountId, region } = alarm;
          const own = { namespace: settings.Namespace ?? '', name: settings.MetricName ?? '' };
          const dimensions = dimensionRecord(settings.Dimensions);
          const matches =
            metricKey({ accountId, region, ...own, dimensions }) === key &&
            (['Period', 'Statistic', 'ExtendedStatistic', 'Unit'] as const).every(
              (member) => input[member] === undefined || input[member] === settings[member],
            );
          return matches ? describeMetricAlarm(alarm) : [];
        });
        return { MetricAlarms: found };
      },
    },
    DescribeAlarmHistory: {
      requires: (input, context) => [
        { action: 'cloudwatch:DescribeAlarmHistory', resource: alarmArn(context, input.AlarmName ?? '*') },
      ],
      handle: (input, context) => {
        checkMaxRecords(input.MaxRecords);
        if (input.AlarmContributorId !== undefined) {
          throw unsupported('cloudwatch', 'DescribeAlarmHistory', 'AlarmContributorId');
        }
        const types = input.AlarmTypes ?? [AlarmType.MetricAlarm];
        const found = history
          .of(context, input.AlarmName)
          .filter(({ AlarmType: type }) => type !== undefined && types.includes(type))
          .filter(({ HistoryItemType: type }) => !input.HistoryItemType || type === input.HistoryItemType)
          .filter(({ Timestamp: at }) => !at || !input.StartDate || at >= input.StartDate)
          .filter(({ Timestamp: at }) => !at || !input.EndDate || at <= input.EndDate);
        if (input.ScanBy !== 'TimestampAscending') found.reverse();
        const { items, NextToken } = page(found, input.NextToken, input.MaxRecords ?? MOST_RECORDS);
        return { AlarmHistoryItems: items, NextToken };
      },
    },
  };
}

function checkDescribe(input: DescribeAlarmsCommandInput): void {
  checkMaxRecords(input.MaxRecords);
  if (input.AlarmNames?.length && input.AlarmNamePrefix) {
    throw invalidCombination('The parameters AlarmNames and AlarmNamePrefix must not be specified together.');
  }
  if (input.ChildrenOfAlarmName !== undefined && input.ParentsOfAlarmName !== undefined) {
    throw invalidCombination(
      'The parameters ChildrenOfAlarmName and ParentsOfAlarmName must not be specified together.',
    );
  }
  for (const relation of ['ChildrenOfAlarmName', 'ParentsOfAlarmName'] as const) {
    const others = FILTERS.filter((filter) => {
      const given = input[filter];
      return Array.isArray(given) ? given.length > 0 : given !== undefined;
    });
    if (input[relation] !== undefined && others.length > 0) {
      throw validation(`${relation} must not be specified together with ${others.join(', ')}.`);
    }
  }
  checkCount(input.AlarmNames, 'alarmNames', 0, MOST_RECORDS);
}

function checkMaxRecords(count: number | undefined): void {
  checkNumber(count, 'maxRecords', 1, MOST_RECORDS);
}

function actionsOf({ settings }: AlarmRecord): readonly string[] {
  return [...(settings.AlarmActions ?? []), ...(settings.OKActions ?? []), ...(settings.InsufficientDataActions ?? [])];
}
