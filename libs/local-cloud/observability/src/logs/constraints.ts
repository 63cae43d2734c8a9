import type { AwsError } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';

/** The input breaks a rule of its shape; wording as AWS's validation has it. */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  return invalidParameter(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** @throws AwsError unless so many items may be asked for at once, from 1 on. */
export function checkLimit(limit: number | undefined, most: number): void {
  if (limit === undefined || (limit >= 1 && limit <= most)) return;
  const rule = limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
  throw constraint(limit, 'limit', `have value ${rule}`);
}

/** @throws AwsError unless the text has from 1 to `most` characters, all of which the pattern takes. */
export function checkText(text: string, member: string, most: number, pattern: string): void {
  if (text.length === 0) throw constraint(text, member, 'have length greater than or equal to 1');
  if (text.length > most) throw constraint(text, member, `have length less than or equal to ${most}`);
  if (!new RegExp(`^${pattern}$`).test(text)) {
    throw constraint(text, member, `satisfy regular expression pattern: ${pattern}`);
  }
}

/** @throws AwsError unless the value, where there is one, is one of those AWS knows. */
export function checkOneOf(value: string | undefined, member: string, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw constraint(value, member, `satisfy enum value set: [${known.join(', ')}]`);
}
