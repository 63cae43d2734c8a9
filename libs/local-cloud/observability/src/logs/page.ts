import { checkNumber } from './constraints';
import { invalidParameter } from './errors';

/**
 * One page of a list; the token is the index of the next page's first item.
 * @throws AwsError InvalidParameterException for a limit out of range, and for a token no answer gave
 */
export function page<T>(
  items: readonly T[],
  input: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
  most: number,
): { readonly items: T[]; readonly nextToken: string | undefined } {
  checkNumber(input.limit, 'limit', 1, most);
  if (input.nextToken !== undefined && !/^\d{1,9}$/.test(input.nextToken)) throw invalidNextToken();
  const from = Number(input.nextToken ?? 0);
  const to = from + (input.limit ?? most);
  return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : undefined };
}

export function invalidNextToken() {
  return invalidParameter('The specified nextToken is invalid.');
}
