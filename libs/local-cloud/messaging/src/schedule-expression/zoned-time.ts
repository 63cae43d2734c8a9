/** A minute on the wall clock of some time zone; months and days count from 1. */
export interface LocalMinute {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the name is one of the IANA time zone database. An offset, which `Intl` takes too, is none. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    format(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the zone's clocks show at an instant, in epoch milliseconds. */
export function localMinute(instant: number, zone: string): LocalMinute {
  const parts = new Map(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/**
 * When the zone's clocks show that minute, in epoch milliseconds: the first time when they show it twice, undefined when
 * they jump over it.
 */
export function instantOf(local: LocalMinute, zone: string): number | undefined {
  const asUtc = utc(local);
  const instants = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - (utc(localMinute(near, zone)) - near));
  const real = instants.filter((instant) => utc(localMinute(instant, zone)) === asUtc);
  return real.length === 0 ? undefined : Math.min(...real);
}

function utc({ year, month, day, hour, minute }: LocalMinute): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, known);
  }
  return known;
}
