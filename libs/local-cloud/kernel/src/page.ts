/** One page of a list, and the token of the next; undefined after the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/**
 * A page of at most `size` items. The token is the index of its first item, as lists give it out whose order is that of
 * their making; without one the list begins.
 * @throws what `invalid` makes of a token that no page gave
 */
export function pageAt<T>(items: readonly T[], token: string | undefined, size: number, invalid: () => Error): Page<T> {
  if (token !== undefined && !/^\d{1,9}$/.test(token)) throw invalid();
  const from = Number(token ?? 0);
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? String(to) : undefined };
}

/** What a token of `pageBy` begins with, before it is encoded: a text that somebody made up doesn't. */
const AFTER = 'after:';

/**
 * As `pageAt`, sorted by a key that each item has alone. The token stands for the last key, so that items which come or go
 * meanwhile move none to another page.
 * @throws what `invalid` makes of a token that no page gave
 */
export function pageBy<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  token: string | undefined,
  size: number,
  invalid: () => Error,
): Page<T> {
  const text = token === undefined ? AFTER : Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(AFTER)) throw invalid();
  const after = text.slice(AFTER.length);
  const rest = [...items].filter((item) => key(item) > after).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const isMore = last !== undefined && rest.length > page.length;
  return { items: page, next: isMore ? Buffer.from(`${AFTER}${key(last)}`).toString('base64url') : undefined };
}
