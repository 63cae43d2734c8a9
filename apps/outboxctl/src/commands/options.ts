import { InvalidArgumentError, Option } from 'commander';
import type { Segment } from '../reconcile/scan';

/** A time as an option gives it, for what is now; both in epoch milliseconds. */
export type TimeOf = (now: number) => number;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SPAN = /^(\d{1,6})([smhd])$/;
/** ISO 8601, date and time with a zone; seconds and their fraction may be left out. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** An option that takes a time: `flags` such as `--since <time>`. */
export function timeOption(flags: string, description: string): Option {
  return new Option(flags, `${description} (2026-01-31T00:00:00Z, or 5m, 2h, 1d ago)`).argParser(parseTime);
}

/** `--now <time>`, for verbs that judge what is due or late. */
export function nowOption(description: string): Option {
  return timeOption('--now <time>', `${description}, e.g. of a local cloud whose clock was moved`);
}

/**
 * An instant with its zone, or how long ago. Anything else is refused rather than guessed: a date alone is a whole day,
 * and a time without its zone is another instant on another machine.
 */
export function parseTime(text: string): TimeOf {
  const [, count, unit = ''] = SPAN.exec(text) ?? [];
  if (count !== undefined) return (now) => now - Number(count) * (UNIT_MS[unit] ?? 0);
  const [, date = ''] = INSTANT.exec(text) ?? [];
  const instant = Date.parse(text);
  // Date.parse takes 31 February for 3 March.
  if (date === '' || Number.isNaN(instant) || !isCalendarDate(date)) {
    throw new InvalidArgumentError(
      'It takes a time with its zone, such as 2026-01-31T00:00:00Z or 2026-01-31T01:00:00+01:00, or how long ago, such as 30s, 5m, 2h or 1d.',
    );
  }
  return () => instant;
}

/** `--now`, or the clock's time. */
export function timeNow(context: { readonly now: () => number }, option: TimeOf | undefined): number {
  const now = context.now();
  return option === undefined ? now : option(now);
}

function isCalendarDate(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/** An option's span in seconds, 0 or more: `90`, or `90s`, `5m`, `2h`, `1d`. */
export function secondsOption(text: string): number {
  const [, count, unit = ''] = SPAN.exec(text) ?? [];
  const value = count === undefined ? Number(text) : (Number(count) * (UNIT_MS[unit] ?? 0)) / 1_000;
  if (text.trim() === '' || !(value >= 0)) {
    throw new InvalidArgumentError('It takes a number of seconds, or a span such as 30s, 5m, 2h or 1d.');
  }
  return value;
}

/** The same, above 0. */
export function spanOption(text: string): number {
  const value = secondsOption(text);
  if (value === 0) throw new InvalidArgumentError('It takes a number of seconds above 0.');
  return value;
}

/** An option's number of an event within its aggregate, 1 or more. */
export function sequenceOption(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It takes the number of an event: 1, 2, 3 …');
  return Number(text);
}

/** An option's count, 0 or more. */
export function countOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  return Number(text);
}

const MAX_PARTS = 10_000;

/** One of some parts of a table, `1/8` to `8/8`. */
export function partOption(text: string): Segment {
  const [, part, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const given = { segment: Number(part) - 1, of: Number(of) };
  if (!(given.segment >= 0 && given.segment < given.of && given.of <= MAX_PARTS)) {
    throw new InvalidArgumentError(`It takes a part and how many there are, such as 1/8; at most ${MAX_PARTS}.`);
  }
  return given;
}
