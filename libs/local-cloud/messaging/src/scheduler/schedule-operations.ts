import { AwsError, type Engine, type InputOf, type RequestContext, type Service } from '@outbox/local-cloud-kernel';
import { rateMs } from './expression';
import { checkExecutionRole, checkedSettings, validName } from './schedule-checks';
import {
  groupArn,
  scheduleArn,
  scheduleKey,
  type Schedule,
  type ScheduleGroup,
  type ScheduleStore,
} from './schedule-store';

type Settings = InputOf<'scheduler', 'CreateSchedule'>;
type Operations = Service<'scheduler'>['operations'];

/** Told whenever a schedule is new, changed or gone, so that its timer follows. */
export type ScheduleChanged = (key: string, schedule: Schedule | undefined) => void;

/** EventBridge Scheduler's API as far as a recurring Lambda target needs it. */
export function schedulerOperations(
  engine: Pick<Engine, 'clock' | 'ids' | 'identity'>,
  store: ScheduleStore,
  changed: ScheduleChanged,
): Operations {
  const onSchedule = (action: string) => (input: { Name?: string; GroupName?: string }, context: RequestContext) => [
    { action: `scheduler:${action}`, resource: scheduleArn(context, input.GroupName ?? 'default', input.Name ?? '') },
  ];
  const onGroup = (action: string) => (input: { Name?: string }, context: RequestContext) => [
    { action: `scheduler:${action}`, resource: groupArn(context, input.Name ?? '') },
  ];
  const onTagged = (action: string) => (input: { ResourceArn?: string }) => [
    { action: `scheduler:${action}`, resource: input.ResourceArn ?? '' },
  ];
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html: whoever sets a schedule passes its role.
  const setsSchedule = (action: string) => (input: Settings, context: RequestContext) => [
    ...onSchedule(action)(input, context),
    {
      action: 'iam:PassRole',
      resource: input.Target?.RoleArn ?? '',
      conditions: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ];
  const groupOfArn = (arn: string | undefined, context: RequestContext): ScheduleGroup =>
    store.group(context, arn?.split('schedule-group/')[1] ?? '');

  const put = (input: Settings, context: RequestContext, existing?: Schedule): { ScheduleArn: string } => {
    const schedule = newSchedule(input, context, store, engine.clock.now(), existing);
    checkExecutionRole(engine, schedule);
    store.put(schedule);
    changed(scheduleKey(schedule), schedule);
    return { ScheduleArn: schedule.arn };
  };

  return {
    CreateSchedule: {
      requires: setsSchedule('CreateSchedule'),
      handle: (input, context) => {
        const key = scheduleKey({ ...context, group: input.GroupName ?? 'default', name: input.Name ?? '' });
        if (store.schedules.has(key)) {
          throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, { status: 409 });
        }
        return put(input, context);
      },
    },
    UpdateSchedule: {
      requires: setsSchedule('UpdateSchedule'),
      handle: (input, context) =>
        put(input, context, store.schedule(context, input.GroupName ?? 'default', input.Name ?? '')),
    },
    GetSchedule: {
      requires: onSchedule('GetSchedule'),
      handle: (input, context) => describe(store.schedule(context, input.GroupName ?? 'default', input.Name ?? '')),
    },
    DeleteSchedule: {
      requires: onSchedule('DeleteSchedule'),
      handle: (input, context) => {
        const schedule = store.schedule(context, input.GroupName ?? 'default', input.Name ?? '');
        store.schedules.delete(scheduleKey(schedule));
        changed(scheduleKey(schedule), undefined);
        return {};
      },
    },
    ListSchedules: {
      requires: (input, context) => [
        { action: 'scheduler:ListSchedules', resource: scheduleArn(context, input.GroupName ?? '*', '*') },
      ],
      handle: (input, context) => ({
        Schedules: store.inGroup(context, input.GroupName).map((schedule) => ({
          Arn: schedule.arn,
          Name: schedule.name,
          GroupName: schedule.group,
          State: schedule.settings.State,
          CreationDate: new Date(schedule.createdAt),
          LastModificationDate: new Date(schedule.modifiedAt),
          Target: { Arn: schedule.settings.Target?.Arn },
        })),
      }),
    },
    CreateScheduleGroup: {
      requires: onGroup('CreateScheduleGroup'),
      handle: (input, context) => {
        const tags = Object.fromEntries((input.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
        return { ScheduleGroupArn: store.createGroup(context, validName(input.Name), tags).arn };
      },
    },
    GetScheduleGroup: {
      requires: onGroup('GetScheduleGroup'),
      handle: (input, context) => describeGroup(store.group(context, input.Name ?? '')),
    },
    DeleteScheduleGroup: {
      requires: onGroup('DeleteScheduleGroup'),
      handle: (input, context) => {
        const gone = store.inGroup(context, input.Name);
        store.deleteGroup(context, input.Name ?? '');
        for (const schedule of gone) changed(scheduleKey(schedule), undefined);
        return {};
      },
    },
    ListScheduleGroups: {
      requires: (_input, context) => [{ action: 'scheduler:ListScheduleGroups', resource: groupArn(context, '*') }],
      handle: (_input, context) => ({ ScheduleGroups: store.groups(context).map(describeGroup) }),
    },
    ListTagsForResource: {
      requires: onTagged('ListTagsForResource'),
      handle: (input, context) => ({
        Tags: Object.entries(groupOfArn(input.ResourceArn, context).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    TagResource: {
      requires: onTagged('TagResource'),
      handle: (input, context) => {
        const group = groupOfArn(input.ResourceArn, context);
        const added = Object.fromEntries((input.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
        store.setGroupTags(group, { ...group.tags, ...added });
        return {};
      },
    },
    UntagResource: {
      requires: onTagged('UntagResource'),
      handle: (input, context) => {
        const group = groupOfArn(input.ResourceArn, context);
        const kept = Object.entries(group.tags).filter(([key]) => !(input.TagKeys ?? []).includes(key));
        store.setGroupTags(group, Object.fromEntries(kept));
        return {};
      },
    },
  };
}

function newSchedule(
  input: Settings,
  context: RequestContext,
  store: ScheduleStore,
  now: number,
  existing: Schedule | undefined,
): Schedule {
  const { Name, GroupName = 'default', ClientToken: _token, ...settings } = input;
  const name = validName(Name);
  const group = store.group(context, GroupName);
  const periodMs = rateMs(settings.ScheduleExpression ?? '');
  return {
    accountId: context.accountId,
    region: context.region,
    name,
    group: group.name,
    arn: scheduleArn(context, group.name, name),
    groupArn: group.arn,
    settings: checkedSettings(settings, context.operation),
    createdAt: existing?.createdAt ?? now,
    modifiedAt: now,
    nextAt: now + periodMs,
  };
}

function describe(schedule: Schedule) {
  return {
    ...schedule.settings,
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
  };
}

function describeGroup(group: ScheduleGroup) {
  return {
    Arn: group.arn,
    Name: group.name,
    State: 'ACTIVE' as const,
    CreationDate: new Date(group.createdAt),
    LastModificationDate: new Date(group.createdAt),
  };
}
