import { AwsError } from '@outbox/local-cloud-kernel';

/** What an API model says of a text: its length, and a pattern that all of it matches. */
export interface TextRule {
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: string;
}

/** The wording of AWS's request validator for a value that breaks the API model. */
export function constraint(value: string, member: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** What is not there is not checked. @throws AwsError ValidationException */
export function checkText(
  value: string | undefined,
  member: string,
  { least = 1, most = Infinity, pattern }: TextRule,
): void {
  if (value === undefined) return;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
    throw constraint(value, member, `Member must satisfy regular expression pattern: ${pattern}`);
  }
  checkLength(value.length, value, member, least, most);
}

/** @throws AwsError ValidationException */
export function checkOneOf(value: string | undefined, member: string, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw constraint(value, member, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** @throws AwsError ValidationException */
export function checkNumber(value: number | undefined, member: string, least: number, most = Infinity): void {
  if (value === undefined) return;
  if (value < least)
    throw constraint(String(value), member, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw constraint(String(value), member, `Member must have value less than or equal to ${most}`);
}

/** How many elements a list or a map has. @throws AwsError ValidationException */
export function checkCount(
  items: readonly unknown[] | undefined,
  member: string,
  least: number,
  most = Infinity,
): void {
  if (items) checkLength(items.length, JSON.stringify(items), member, least, most);
}

function checkLength(length: number, value: string, member: string, least: number, most: number): void {
  if (length < least) throw constraint(value, member, `Member must have length greater than or equal to ${least}`);
  if (length > most) throw constraint(value, member, `Member must have length less than or equal to ${most}`);
}
