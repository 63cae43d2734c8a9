import { parseField, parseValue, type CronField } from './cron-fields';
import { instantOf, localMinute } from './zoned-time';

/** Whether a day of a month is one of the expression's; `weekday` is 1 (Sunday) to 7. */
type DayRule = (date: { year: number; month: number; day: number; weekday: number; lastDay: number }) => boolean;

const MINUTE: CronField = { low: 0, high: 59, circular: true };
const HOUR: CronField = { low: 0, high: 23, circular: true };
const DAY: CronField = { low: 1, high: 31, circular: true };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const MONTH: CronField = { low: 1, high: 12, names: MONTHS, circular: true };
const WEEKDAY: CronField = {
  low: 1,
  high: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  circular: true,
};
const YEAR: CronField = { low: 1970, high: 2199, circular: false };

/** A cron expression ready to be asked for its times. */
export interface Cron {
  /** The first minute after `instant` (epoch milliseconds) that it names in the time zone; undefined when none comes. */
  after(instant: number, zone: string): number | undefined;
}

/**
 * Reads the six fields between the brackets of `cron(minutes hours day-of-month month day-of-week year)`. One of the two
 * day fields must be `?`. `L`, `W` and `#` are those of AWS (EventBridge Scheduler guide, "Cron-based schedules").
 * @returns undefined for what is no such expression
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.split(/\s+/);
  const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = '', yearText = ''] = fields;
  if (fields.length !== 6 || (dayText === '?') === (weekdayText === '?')) return undefined;
  const minutes = parseField(minuteText, MINUTE);
  const hours = parseField(hourText, HOUR);
  const months = parseField(monthText, MONTH);
  const years = parseField(yearText, YEAR);
  const isDay = weekdayText === '?' ? dayOfMonth(dayText) : dayOfWeek(weekdayText);
  if (!minutes || !hours || !months || !years || !isDay) return undefined;
  const times = sorted(hours).flatMap((hour) => sorted(minutes).map((minute) => ({ hour, minute })));
  const lastYear = Math.max(...years);

  return {
    after(instant, zone) {
      const start = localMinute(instant, zone);
      // From the day before: where clocks go back over midnight, a day's minutes follow those of the next.
      const date = new Date(Date.UTC(start.year, start.month - 1, start.day - 1));
      for (; date.getUTCFullYear() <= lastYear; date.setUTCDate(date.getUTCDate() + 1)) {
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        if (!years.has(year) || !months.has(month)) {
          // On to the last day of the month, which the loop steps over.
          date.setUTCMonth(month, 0);
          continue;
        }
        const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
        if (!isDay({ year, month, day, weekday: date.getUTCDay() + 1, lastDay })) continue;
        for (const time of times) {
          const at = instantOf({ year, month, day, ...time }, zone);
          if (at !== undefined && at > instant) return at;
        }
      }
      return undefined;
    },
  };
}

/** `L` is the month's last day, `15W` the weekday nearest to the 15th within the month. */
function dayOfMonth(text: string): DayRule | undefined {
  if (text === 'L') return ({ day, lastDay }) => day === lastDay;
  const weekday = /^(\d+)W$/.exec(text)?.[1];
  if (weekday !== undefined) {
    const wanted = parseValue(weekday, DAY);
    return wanted === undefined ? undefined : (date) => date.day === nearestWeekday(wanted, date);
  }
  const days = parseField(text, DAY);
  return days && (({ day }) => days.has(day));
}

/** `L` is Saturday, `6L` the month's last Friday, `3#2` its second Tuesday. */
function dayOfWeek(text: string): DayRule | undefined {
  if (text === 'L') return ({ weekday }) => weekday === WEEKDAY.high;
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  const lastWeekday = last === undefined ? undefined : parseValue(last, WEEKDAY);
  if (lastWeekday !== undefined) return ({ weekday, day, lastDay }) => weekday === lastWeekday && day > lastDay - 7;
  const [, which, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (which !== undefined) {
    const wanted = parseValue(which, WEEKDAY);
    const week = Number(nth);
    return wanted === undefined ? undefined : ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === week;
  }
  const days = parseField(text, WEEKDAY);
  return days && (({ weekday }) => days.has(weekday));
}

function nearestWeekday(wanted: number, { year, month, lastDay }: Parameters<DayRule>[0]): number | undefined {
  if (wanted > lastDay) return undefined;
  const weekday = new Date(Date.UTC(year, month - 1, wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === lastDay ? wanted - 2 : wanted + 1;
  return wanted;
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
