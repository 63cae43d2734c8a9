import {
  AwsError,
  formatArn,
  type Engine,
  type InputOf,
  type RequestContext,
  type Table,
} from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';

type Place = Pick<RequestContext, 'accountId' | 'region'>;

export interface ScheduleGroup {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Of the request that created it: the same one again is answered as the first. */
  readonly clientToken?: string;
}

/** All of a schedule that a request sets, but its name. */
export type ScheduleRequest = Omit<InputOf<'scheduler', 'CreateSchedule'>, 'Name' | 'GroupName' | 'ClientToken'>;

/** The same as it is kept: StartDate and EndDate in epoch milliseconds. */
export type ScheduleSettings = Omit<ScheduleRequest, 'StartDate' | 'EndDate'> & {
  readonly startAt?: number;
  readonly endAt?: number;
};

export interface Schedule extends Place {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly groupArn: string;
  readonly settings: ScheduleSettings;
  /** What its input is encrypted with, under the key its settings name. */
  readonly key?: SealedKey;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The next time by its expression, epoch milliseconds; undefined after the last. */
  readonly dueAt?: number;
  /** When it is invoked for that time: the same, or later within its flexible window. */
  readonly nextAt?: number;
  /** Of the request that created it: the same one again is answered as the first. */
  readonly clientToken?: string;
}

/** Schedules and their groups; every account and region has the group `default`. */
export class ScheduleStore {
  readonly schedules: Table<Schedule>;
  readonly #groups: Table<ScheduleGroup>;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock'>) {
    this.schedules = engine.store.table('scheduler/schedules');
    this.#groups = engine.store.table('scheduler/groups');
  }

  /** @throws AwsError ResourceNotFoundException */
  group(place: Place, name: string): ScheduleGroup {
    const group = this.#groups.get(keyOf(place, name));
    if (group) return group;
    if (name === 'default') return this.#newGroup(place, name, {});
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, { status: 404 });
  }

  groups(place: Place): ScheduleGroup[] {
    this.group(place, 'default');
    return [...this.#groups.values()].filter((group) => isAt(group, place));
  }

  /** @throws AwsError ConflictException for a name in use, unless by the same request */
  createGroup(place: Place, name: string, tags: ScheduleGroup['tags'], clientToken?: string): ScheduleGroup {
    const known = this.#groups.get(keyOf(place, name));
    if (known && clientToken !== undefined && known.clientToken === clientToken) return known;
    if (known || name === 'default') {
      throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, { status: 409 });
    }
    return this.#newGroup(place, name, tags, clientToken);
  }

  setGroupTags(group: ScheduleGroup, tags: Readonly<Record<string, string>>): void {
    this.#groups.set(keyOf(group, group.name), { ...group, tags });
  }

  /** Deletes a group with all its schedules, as AWS does. */
  deleteGroup(place: Place, name: string): void {
    if (name === 'default') throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
    this.group(place, name);
    for (const schedule of this.inGroup(place, name)) this.schedules.delete(scheduleKey(schedule));
    this.#groups.delete(keyOf(place, name));
  }

  /** @throws AwsError ResourceNotFoundException */
  schedule(place: Place, group: string, name: string): Schedule {
    const schedule = this.schedules.get(scheduleKey({ ...place, group, name }));
    if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { status: 404 });
    return schedule;
  }

  inGroup(place: Place, group?: string): Schedule[] {
    return [...this.schedules.values()].filter(
      (schedule) => isAt(schedule, place) && (group === undefined || schedule.group === group),
    );
  }

  put(schedule: Schedule): void {
    this.schedules.set(scheduleKey(schedule), schedule);
  }

  #newGroup(place: Place, name: string, tags: ScheduleGroup['tags'], clientToken?: string): ScheduleGroup {
    const group: ScheduleGroup = {
      accountId: place.accountId,
      region: place.region,
      name,
      arn: groupArn(place, name),
      createdAt: this.engine.clock.now(),
      tags,
      clientToken,
    };
    this.#groups.set(keyOf(place, name), group);
    return group;
  }
}

export function groupArn(place: Place, name: string): string {
  return formatArn('scheduler', place.region, place.accountId, `schedule-group/${name}`);
}

export function scheduleArn(place: Place, group: string, name: string): string {
  return formatArn('scheduler', place.region, place.accountId, `schedule/${group}/${name}`);
}

export function scheduleKey(schedule: Place & { readonly group: string; readonly name: string }): string {
  return keyOf(schedule, `${schedule.group}/${schedule.name}`);
}

function keyOf(place: Place, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}

function isAt(item: Place, place: Place): boolean {
  return item.accountId === place.accountId && item.region === place.region;
}
