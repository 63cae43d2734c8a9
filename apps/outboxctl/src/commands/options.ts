import { InvalidArgumentError } from 'commander';

/** An option's time, ISO 8601, as epoch milliseconds. */
export function timeOption(text: string): number {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('takes a time such as 2026-01-31T00:00:00Z.');
  return value;
}

/** An option's number of seconds, 0 or more. */
export function secondsOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('takes a number of seconds.');
  return value;
}
