import { pageAt } from '@outbox/local-cloud-kernel';
import { checkNumber } from './constraints';
import { invalidParameter } from './errors';

/**
 * One page of a list.
 * @throws AwsError InvalidParameterException for a limit out of range, and for a token no answer gave
 */
export function page<T>(
  items: readonly T[],
  input: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
  most: number,
): { readonly items: T[]; readonly nextToken: string | undefined } {
  checkNumber(input.limit, 'limit', 1, most);
  const { items: found, next } = pageAt(items, input.nextToken, input.limit ?? most, invalidNextToken);
  return { items: found, nextToken: next };
}

export function invalidNextToken() {
  return invalidParameter('The specified nextToken is invalid.');
}
