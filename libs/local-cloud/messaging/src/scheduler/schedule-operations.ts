import {
  AwsError,
  parseArn,
  tagList,
  withoutTags,
  withTags,
  type Engine,
  type InputOf,
  type RequestContext,
  type Service,
} from '@outbox/local-cloud-kernel';
import { pageOf } from '../shared/page';
import { checkExecutionRole, checkedSettings } from './schedule-checks';
import { checkGroupArn, checkNames, TAG_RULES } from './schedule-constraints';
import type { ScheduleKeys } from './schedule-keys';
import {
  groupArn,
  scheduleArn,
  scheduleKey,
  type Schedule,
  type ScheduleGroup,
  type ScheduleSettings,
  type ScheduleStore,
} from './schedule-store';
import { invocationTimes, timetable } from './timetable';

type Settings = InputOf<'scheduler', 'CreateSchedule'>;
type Operations = Service<'scheduler'>['operations'];

/** Told whenever a schedule is new, changed or gone, so that its timer follows. */
export type ScheduleChanged = (key: string, schedule: Schedule | undefined) => void;

/** EventBridge Scheduler's API: schedules with templated targets, and their groups. */
export function schedulerOperations(
  engine: Pick<Engine, 'clock' | 'ids' | 'identity'>,
  store: ScheduleStore,
  keys: ScheduleKeys,
  changed: ScheduleChanged,
): Operations {
  const onSchedule = (action: string) => (input: { Name?: string; GroupName?: string }, context: RequestContext) => {
    checkNames(input);
    const resource = scheduleArn(context, input.GroupName ?? 'default', input.Name ?? '');
    return [{ action: `scheduler:${action}`, resource }];
  };
  const onGroup = (action: string) => (input: { Name?: string }, context: RequestContext) => {
    checkNames(input);
    return [{ action: `scheduler:${action}`, resource: groupArn(context, input.Name ?? '') }];
  };
  const onTagged = (action: string) => (input: { ResourceArn?: string }) => {
    checkGroupArn(input.ResourceArn);
    return [{ action: `scheduler:${action}`, resource: input.ResourceArn ?? '' }];
  };
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html: whoever sets a schedule passes its role.
  const setsSchedule = (action: string) => (input: Settings, context: RequestContext) => [
    ...onSchedule(action)(input, context),
    {
      action: 'iam:PassRole',
      resource: input.Target?.RoleArn ?? '',
      conditions: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ];
  const groupOfArn = (arn = ''): ScheduleGroup => {
    const { accountId, region, resource } = parseArn(arn);
    return store.group({ accountId, region }, resource.replace(/^schedule-group\//, ''));
  };

  const put = async (
    input: Settings,
    context: RequestContext,
    existing?: Schedule,
  ): Promise<{ ScheduleArn: string }> => {
    const made = newSchedule(input, context, store, engine, existing);
    checkExecutionRole(engine, made);
    const schedule = { ...made, key: await keys.seal(made, context) };
    store.put(schedule);
    changed(scheduleKey(schedule), schedule);
    return { ScheduleArn: schedule.arn };
  };

  return {
    CreateSchedule: {
      requires: setsSchedule('CreateSchedule'),
      handle: (input, context) => {
        const key = scheduleKey({ ...context, group: input.GroupName ?? 'default', name: input.Name ?? '' });
        const known = store.schedules.get(key);
        if (!known) return put(input, context);
        if (input.ClientToken !== undefined && input.ClientToken === known.clientToken) {
          return { ScheduleArn: known.arn };
        }
        throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, { status: 409 });
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
      handle: (input, context) => {
        checkNames(input);
        if (input.GroupName !== undefined) store.group(context, input.GroupName);
        const found = store
          .inGroup(context, input.GroupName)
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
          .filter(({ settings }) => input.State === undefined || settings.State === input.State);
        const page = pageOf(found, ({ arn }) => arn, 'maxResults', input.MaxResults, input.NextToken);
        return { Schedules: page.items.map(summary), NextToken: page.next };
      },
    },
    CreateScheduleGroup: {
      requires: onGroup('CreateScheduleGroup'),
      handle: (input, context) => {
        const { Name = '', ClientToken } = input;
        return {
          ScheduleGroupArn: store.createGroup(context, Name, withTags({}, input.Tags, TAG_RULES), ClientToken).arn,
        };
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
      handle: (input, context) => {
        checkNames(input);
        const found = store.groups(context).filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
        const page = pageOf(found, ({ name }) => name, 'maxResults', input.MaxResults, input.NextToken);
        return { ScheduleGroups: page.items.map(describeGroup), NextToken: page.next };
      },
    },
    ListTagsForResource: {
      requires: onTagged('ListTagsForResource'),
      handle: (input) => ({ Tags: tagList(groupOfArn(input.ResourceArn).tags) }),
    },
    TagResource: {
      requires: onTagged('TagResource'),
      handle: (input) => {
        const group = groupOfArn(input.ResourceArn);
        store.setGroupTags(group, withTags(group.tags, input.Tags, TAG_RULES));
        return {};
      },
    },
    UntagResource: {
      requires: onTagged('UntagResource'),
      handle: (input) => {
        const group = groupOfArn(input.ResourceArn);
        store.setGroupTags(group, withoutTags(group.tags, input.TagKeys));
        return {};
      },
    },
  };
}

function newSchedule(
  input: Settings,
  context: RequestContext,
  store: ScheduleStore,
  { clock, ids }: Pick<Engine, 'clock' | 'ids'>,
  existing: Schedule | undefined,
): Schedule {
  const { Name: name = '', GroupName = 'default', ClientToken, ...request } = input;
  const now = clock.now();
  const group = store.group(context, GroupName);
  const settings = checkedSettings(request, context.operation, now);
  return {
    accountId: context.accountId,
    region: context.region,
    name,
    group: group.name,
    arn: scheduleArn(context, group.name, name),
    groupArn: group.arn,
    settings,
    createdAt: existing?.createdAt ?? now,
    modifiedAt: now,
    ...invocationTimes(dueAt(settings, now, existing), { settings }, { ids }),
    ...(existing === undefined ? { clientToken: ClientToken } : { clientToken: existing.clientToken }),
  };
}

/** A schedule whose times did not change goes on as it was; everything else begins anew. */
function dueAt(settings: ScheduleSettings, now: number, existing: Schedule | undefined): number | undefined {
  const times = timetable(settings);
  const before = existing?.settings;
  const same =
    before?.ScheduleExpression === settings.ScheduleExpression &&
    before?.ScheduleExpressionTimezone === settings.ScheduleExpressionTimezone &&
    before?.startAt === settings.startAt &&
    before?.endAt === settings.endAt;
  if (!same || existing?.dueAt === undefined) return times.first(now);
  return existing.dueAt > now ? existing.dueAt : times.next(existing.dueAt, now);
}

function summary(schedule: Schedule) {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.settings.State,
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
    Target: { Arn: schedule.settings.Target?.Arn },
  };
}

function describe(schedule: Schedule) {
  const { startAt, endAt, ...settings } = schedule.settings;
  return {
    ...settings,
    StartDate: startAt === undefined ? undefined : new Date(startAt),
    EndDate: endAt === undefined ? undefined : new Date(endAt),
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
