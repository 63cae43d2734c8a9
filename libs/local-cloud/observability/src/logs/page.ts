/** One page of a list; the token is the index of the next page's first item. */
export function page<T>(
  items: readonly T[],
  input: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
  most: number,
): { readonly items: T[]; readonly nextToken: string | undefined } {
  const from = Number(input.nextToken ?? 0) || 0;
  const to = from + Math.min(input.limit ?? most, most);
  return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : undefined };
}
