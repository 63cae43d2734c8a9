import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  AwsError,
  formatArn,
  type Engine,
  type RequestContext,
  type Service,
  type Table,
} from '@outbox/local-cloud-kernel';
import type { AlarmRecord, Place } from './model';

export type CloudwatchOperations = Service<'cloudwatch'>['operations'];

/** Metric alarms as settings. A new alarm has no data, and none is evaluated yet. */
export function alarmOperations(engine: Pick<Engine, 'clock'>, alarms: Table<AlarmRecord>): CloudwatchOperations {
  return {
    PutMetricAlarm: {
      requires: (input, context) => [
        { action: 'cloudwatch:PutMetricAlarm', resource: alarmArn(context, input.AlarmName ?? '') },
        ...(input.Tags?.length
          ? [{ action: 'cloudwatch:TagResource', resource: alarmArn(context, input.AlarmName ?? '') }]
          : []),
      ],
      handle: ({ AlarmName: name = '', Tags, ...settings }, context) => {
        if (!settings.Metrics && !(settings.MetricName && settings.Namespace && settings.Period)) {
          throw new AwsError('ValidationError', 'Metrics list or MetricName, Namespace and Period are required.');
        }
        const now = engine.clock.now();
        const known = alarms.get(keyOf(context, name));
        alarms.set(keyOf(context, name), {
          accountId: context.accountId,
          region: context.region,
          name,
          settings,
          updatedAt: now,
          state: known?.state ?? 'INSUFFICIENT_DATA',
          stateReason: known?.stateReason ?? 'Unchecked: Initial alarm creation',
          stateUpdatedAt: known?.stateUpdatedAt ?? now,
          // Tags of an existing alarm are changed by TagResource only. Source: API reference, PutMetricAlarm.
          tags: known?.tags ?? Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
        });
        return {};
      },
    },
    DescribeAlarms: {
      requires: (_, context) => [{ action: 'cloudwatch:DescribeAlarms', resource: alarmArn(context, '*') }],
      handle: (input, context) => {
        const wanted = input.AlarmTypes?.includes('MetricAlarm') ?? true;
        const found = [...alarms.values()]
          .filter((alarm) => alarm.accountId === context.accountId && alarm.region === context.region)
          .filter(({ name }) => input.AlarmNames?.includes(name) ?? true)
          .filter(({ name }) => name.startsWith(input.AlarmNamePrefix ?? ''))
          .filter(({ state }) => !input.StateValue || state === input.StateValue)
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const from = Number(input.NextToken ?? 0) || 0;
        const to = from + (input.MaxRecords ?? 50);
        return {
          MetricAlarms: wanted ? found.slice(from, to).map(toAlarm) : [],
          CompositeAlarms: [],
          NextToken: wanted && to < found.length ? String(to) : undefined,
        };
      },
    },
    DeleteAlarms: {
      requires: (input, context) =>
        (input.AlarmNames ?? []).map((name) => ({
          action: 'cloudwatch:DeleteAlarms',
          resource: alarmArn(context, name),
        })),
      handle: (input, context) => {
        const names = input.AlarmNames ?? [];
        const missing = names.filter((name) => !alarms.has(keyOf(context, name)));
        if (missing.length > 0 && names.length === 1) {
          throw new AwsError('ResourceNotFound', `Alarm ${missing.join(', ')} does not exist`, { status: 404 });
        }
        for (const name of names) alarms.delete(keyOf(context, name));
        return {};
      },
    },
  };
}

export function alarmArn(place: Place, name: string): string {
  return formatArn('cloudwatch', place.region, place.accountId, `alarm:${name}`);
}

function keyOf(place: Pick<RequestContext, 'accountId' | 'region'>, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}

function toAlarm(alarm: AlarmRecord): MetricAlarm {
  const { settings } = alarm;
  return {
    ...settings,
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm, alarm.name),
    ActionsEnabled: settings.ActionsEnabled ?? true,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    Dimensions: settings.Dimensions ?? [],
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateUpdatedAt),
  };
}
