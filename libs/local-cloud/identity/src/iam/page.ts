import { pageAt } from '@outbox/local-cloud-kernel';
import { checkNumber, validationError } from './errors';

/**
 * One page of a list.
 * @throws AwsError ValidationError for a marker that was never given out, or a size that isn't 1 to 1000
 */
export function page<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: T[]; readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  checkNumber(input.MaxItems, 'maxItems', 1, 1000);
  const invalid = (): Error => validationError('Invalid Marker.');
  const { items: found, next } = pageAt(items, input.Marker, input.MaxItems ?? 100, invalid);
  return { items: found, IsTruncated: next !== undefined, Marker: next };
}
