import { pageAt } from '@outbox/local-cloud-kernel';
import { invalidNextToken } from './errors';

/** One page of a list. @throws AwsError for a token no answer gave */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: T[]; readonly NextToken: string | undefined } {
  const { items: found, next } = pageAt(items, token, size, invalidNextToken);
  return { items: found, NextToken: next };
}
