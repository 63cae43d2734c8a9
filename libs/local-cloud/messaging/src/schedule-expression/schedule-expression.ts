import { parseCron, type Cron } from './cron';
import { instantOf } from './zoned-time';

/** What a schedule expression says about time. */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'at'; readonly instant: (zone: string) => number | undefined };

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

/**
 * Reads `rate(value unit)`, `cron(fields)` or `at(yyyy-mm-ddThh:mm:ss)` as schedules take it: any value with any unit,
 * in the singular or the plural (EventBridge Scheduler API reference, CreateSchedule; its guide, "Schedule types").
 * @returns undefined for everything else
 */
export function parseSchedule(text: string): ScheduleExpression | undefined {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'rate') return parseRate(inner);
  if (kind === 'at') return parseAt(inner);
  const cron = kind === 'cron' ? parseCron(inner) : undefined;
  return cron && { kind: 'cron', cron };
}

/**
 * Reads what rules take: no single time, and a rate of 1 has a unit in the singular, any other in the plural
 * (EventBridge user guide, "Rate expressions").
 * @returns undefined for everything else
 */
export function parseRuleSchedule(text: string): Exclude<ScheduleExpression, { kind: 'at' }> | undefined {
  const [, value, plural] = /^rate\((\d+) [a-z]+?(s?)\)$/.exec(text) ?? [];
  if (value !== undefined && (Number(value) === 1) === (plural === 's')) return undefined;
  const expression = parseSchedule(text);
  return expression?.kind === 'at' ? undefined : expression;
}

function parseRate(text: string): ScheduleExpression | undefined {
  const [, value, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit);
  if (value === undefined || unitMs === undefined || Number(value) < 1) return undefined;
  return { kind: 'rate', periodMs: Number(value) * unitMs };
}

function parseAt(text: string): ScheduleExpression | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  // A day or an hour that does not exist would become one of the next month or day.
  const inUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (inUtc.toISOString().slice(0, 19) !== text) return undefined;
  return {
    kind: 'at',
    instant: (zone) => {
      const start = instantOf({ year, month, day, hour, minute }, zone);
      return start === undefined ? undefined : start + second * 1000;
    },
  };
}
