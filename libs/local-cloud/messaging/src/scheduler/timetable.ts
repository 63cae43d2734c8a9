import { AwsError, type Ids } from '@outbox/local-cloud-kernel';
import { parseSchedule, type ScheduleExpression } from '../schedule-expression/schedule-expression';
import { isTimeZone } from '../schedule-expression/zoned-time';
import type { Schedule, ScheduleSettings } from './schedule-store';

/** When a schedule is due; instants in epoch milliseconds. */
export interface Timetable {
  /** The first time of a schedule set at `now`; undefined when none comes. */
  first(now: number): number | undefined;
  /** The next time after `now` of a schedule that was due at `previous`; what lies between is left out. */
  next(previous: number, now: number): number | undefined;
}

/**
 * The times of a schedule: expression, time zone, start and end (EventBridge Scheduler guide, "Schedule types"). A rate
 * begins at its start date, without one at once; the hours of a day that is longer or shorter do not change it.
 * @throws AwsError ValidationException for an expression or a time zone that is none
 */
export function timetable(settings: ScheduleSettings): Timetable {
  const expression = readExpression(settings);
  const zone = settings.ScheduleExpressionTimezone ?? 'UTC';
  // A one-time schedule knows neither start nor end (API reference, CreateSchedule).
  const recurs = expression.kind !== 'at';
  const start = recurs ? settings.startAt : undefined;
  const end = recurs ? (settings.endAt ?? Infinity) : Infinity;
  const within = (instant: number | undefined): number | undefined =>
    instant !== undefined && instant <= end ? instant : undefined;

  const first = (now: number): number | undefined => {
    const from = Math.max(now, start ?? now);
    switch (expression.kind) {
      case 'rate':
        return start === undefined
          ? now
          : start + Math.ceil((from - start) / expression.periodMs) * expression.periodMs;
      case 'cron':
        return expression.cron.after(from - 1, zone);
      case 'at': {
        const instant = expression.instant(zone);
        return instant !== undefined && instant >= now ? instant : undefined;
      }
    }
  };
  const next = (previous: number, now: number): number | undefined => {
    if (expression.kind === 'at') return undefined;
    if (expression.kind === 'cron') return expression.cron.after(now, zone);
    return previous + (Math.floor((now - previous) / expression.periodMs) + 1) * expression.periodMs;
  };
  return { first: (now) => within(first(now)), next: (previous, now) => within(next(previous, now)) };
}

/** When to invoke for a time of the timetable: then, or at random within the schedule's flexible window. */
export function invocationTimes(
  dueAt: number | undefined,
  { settings }: Pick<Schedule, 'settings'>,
  { ids }: { readonly ids: Pick<Ids, 'random'> },
): Pick<Schedule, 'dueAt' | 'nextAt'> {
  if (dueAt === undefined) return { dueAt: undefined, nextAt: undefined };
  const { Mode, MaximumWindowInMinutes = 0 } = settings.FlexibleTimeWindow ?? {};
  const windowMs = Mode === 'FLEXIBLE' ? MaximumWindowInMinutes * 60_000 : 0;
  return { dueAt, nextAt: dueAt + Math.floor(ids.random() * windowMs) };
}

function readExpression(settings: ScheduleSettings): ScheduleExpression {
  const text = settings.ScheduleExpression ?? '';
  const zone = settings.ScheduleExpressionTimezone;
  if (zone !== undefined && !isTimeZone(zone)) {
    throw new AwsError('ValidationException', `Invalid ScheduleExpressionTimezone ${zone}.`);
  }
  const expression = parseSchedule(text);
  if (!expression) throw new AwsError('ValidationException', `Invalid Schedule Expression ${text}.`);
  return expression;
}
