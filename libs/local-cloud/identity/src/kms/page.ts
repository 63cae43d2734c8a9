import { AwsError, pageAt } from '@outbox/local-cloud-kernel';
import { checkNumber } from './errors';

/**
 * One page of a list.
 * @throws AwsError InvalidMarkerException; ValidationException for a limit that isn't 1 to 1000
 */
export function pageOf<T>(
  items: readonly T[],
  input: { readonly Marker?: string | undefined; readonly Limit?: number | undefined },
  initial: number,
): { readonly items: T[]; readonly Truncated: boolean; readonly NextMarker: string | undefined } {
  checkNumber(input.Limit, 'limit', 1, 1000);
  const { items: found, next } = pageAt(items, input.Marker, input.Limit ?? initial, invalidMarker);
  return { items: found, Truncated: next !== undefined, NextMarker: next };
}

function invalidMarker(): AwsError {
  return new AwsError('InvalidMarkerException', 'Could not deserialize marker.');
}
