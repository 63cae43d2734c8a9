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
