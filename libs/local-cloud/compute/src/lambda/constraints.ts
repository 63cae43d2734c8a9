import { AwsError } from '@outbox/local-cloud-kernel';
import { page } from '../paging';
import { invalidParameter } from './errors';

/** The input breaks a rule of its shape in Lambda's API model; wording as AWS's validation has it. */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** @throws AwsError ValidationException unless the number, where there is one, is whole and in the range. */
export function checkRange(value: number | undefined, member: string, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  const rule = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw constraint(value, member, `have value ${rule}`);
}

/** @throws AwsError ValidationException unless the text, where there is one, is as the pattern says, whole. */
export function checkPattern(value: string | undefined, member: string, pattern: string): void {
  if (value === undefined || new RegExp(`^(?:${pattern})$`).test(value)) return;
  throw constraint(value, member, `satisfy regular expression pattern: ${pattern}`);
}

/** @throws AwsError ValidationException for a text that is too long, in characters. */
export function checkLength(value: string | undefined, member: string, most: number): void {
  if ((value?.length ?? 0) > most) throw constraint(value, member, `have length less than or equal to ${most}`);
}

/** @throws AwsError ValidationException unless the value, where there is one, is one of those AWS knows. */
export function checkOneOf(value: string | undefined, member: string, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw constraint(value, member, `satisfy enum value set: [${known.join(', ')}]`);
}

interface Paged {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/**
 * One page of a list. More may be asked for (`largest`) than a page holds (`most`).
 * Source: Lambda API reference, ListFunctions, MaxItems.
 * @throws AwsError for a number out of range, and for a marker no answer gave
 */
export function markedPage<T>(items: readonly T[], { Marker, MaxItems }: Paged, most: number, largest = 10_000) {
  checkRange(MaxItems, 'maxItems', 1, largest);
  if (Marker !== undefined && Marker !== '' && !/^\d{1,9}$/.test(Marker)) throw invalidParameter('Invalid Marker.');
  const { items: found, next } = page(items, Marker, MaxItems, most);
  return { items: found, next };
}
