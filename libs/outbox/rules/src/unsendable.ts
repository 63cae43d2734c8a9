/** What SQS takes in no message: it refuses U+FFFE and U+FFFF (API reference, SendMessage), and half of a pair is no text. */
const NEVER_SENT = /[\uFFFE\uFFFF]/;

/**
 * The place of the first text in `value` that no queue could deliver, as a path such as `data.items.0.sku`; undefined:
 * everything can be sent. Control characters can: JSON escapes them.
 */
export function unsendablePlace(value: unknown, path: readonly string[] = []): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() && !NEVER_SENT.test(value) ? undefined : path.join('.');
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const place = unsendablePlace(name, [...path, JSON.stringify(name)]) ?? unsendablePlace(member, [...path, name]);
    if (place !== undefined) return place;
  }
  return undefined;
}
