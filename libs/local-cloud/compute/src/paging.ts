/**
 * One page of `items`; the token is the index of the next one.
 * @param limit at most this many; undefined = `most`
 */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number | undefined,
  most: number,
): { readonly items: T[]; readonly next: string | undefined } {
  const from = Number.parseInt(token ?? '0', 10) || 0;
  const to = from + Math.min(limit && limit > 0 ? limit : most, most);
  return { items: items.slice(from, to), next: to < items.length ? String(to) : undefined };
}
