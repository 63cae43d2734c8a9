import { AwsError } from '@outbox/local-cloud-kernel';
import { checkNumber } from './errors';

/**
 * One page of a list; the marker is the index of the page's first item.
 * @throws AwsError InvalidMarkerException; ValidationException for a limit that isn't 1 to 1000
 */
export function pageOf<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly Limit?: number | undefined },
  initial: number,
): { readonly items: T[]; readonly Truncated: boolean; readonly NextMarker: string | undefined } {
  if (input.Marker !== undefined && !/^\d+$/.test(input.Marker)) {
    throw new AwsError('InvalidMarkerException', 'Could not deserialize marker.');
  }
  checkNumber(input.Limit, 'limit', 1, 1000);
  const from = Number(input.Marker ?? 0);
  const to = from + (input.Limit ?? initial);
  const more = to < items.length;
  return { items: items.slice(from, to), Truncated: more, NextMarker: more ? String(to) : undefined };
}
