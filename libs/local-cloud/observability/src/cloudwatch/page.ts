import { invalidNextToken } from './errors';

/** One page of a list; the token is the index of the next page's first item. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: T[]; readonly NextToken: string | undefined } {
  if (token !== undefined && !/^\d{1,9}$/.test(token)) throw invalidNextToken();
  const from = Number(token ?? 0);
  const to = from + size;
  return { items: items.slice(from, to), NextToken: to < items.length ? String(to) : undefined };
}
