import { checkNumber, validationError } from './errors';

/**
 * One page of a list. The marker is the index of the page's first item.
 * @throws AwsError ValidationError for a marker that was never given out, or a size that isn't 1 to 1000
 */
export function page<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: T[]; readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  checkNumber(input.MaxItems, 'maxItems', 1, 1000);
  if (input.Marker !== undefined && !/^\d+$/.test(input.Marker)) throw validationError('Invalid Marker.');
  const from = Number(input.Marker ?? 0);
  const to = from + (input.MaxItems ?? 100);
  const more = to < items.length;
  return { items: items.slice(from, to), IsTruncated: more, Marker: more ? String(to) : undefined };
}
