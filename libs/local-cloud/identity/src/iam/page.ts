/** One page of a list. The marker is the index of the page's first item. */
export function page<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: T[]; readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  const from = Number(input.Marker ?? 0) || 0;
  const to = from + (input.MaxItems ?? 100);
  const more = to < items.length;
  return { items: items.slice(from, to), IsTruncated: more, Marker: more ? String(to) : undefined };
}
