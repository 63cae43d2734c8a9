/** What SQS takes in no message: it refuses U+FFFE and U+FFFF (API reference, SendMessage), and half of a pair is no text. */
const NEVER_SENT = /[\uFFFE\uFFFF]/;

/**
 * The path to the first text in `value` that no queue could deliver, be it a value or a name: `['data', 'items', '0',
 * 'name']`; undefined: everything can be sent. Control characters can: JSON escapes them.
 */
export function unsendablePath(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value === 'string') return isSendable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = isSendable(name) ? unsendablePath(member, [...path, name]) : [...path, name];
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSendable(text: string): boolean {
  return text.isWellFormed() && !NEVER_SENT.test(text);
}
