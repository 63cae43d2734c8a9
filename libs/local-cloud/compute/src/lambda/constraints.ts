import { constraintsOf, pageAt, type Page } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';

/** What Lambda refuses because it breaks its API model. */
export const { constraint, checkText, checkNumber, checkCount } = constraintsOf();

interface Paged {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/**
 * One page of a list. More may be asked for (`largest`) than a page holds (`most`).
 * Source: Lambda API reference, ListFunctions, MaxItems.
 * @throws AwsError for a number out of range, and for a marker no answer gave
 */
export function markedPage<T>(
  items: readonly T[],
  { Marker, MaxItems }: Paged,
  most: number,
  largest = 10_000,
): Page<T> {
  checkNumber(MaxItems, 'maxItems', 1, largest);
  const marker = Marker === '' ? undefined : Marker;
  return pageAt(items, marker, Math.min(MaxItems ?? most, most), () => invalidParameter('Invalid Marker.'));
}
