import { pageAt, type Page } from '@outbox/local-cloud-kernel';
import { badRequest } from './errors';
import { PAGE } from './limits';

/**
 * One page of a list; the number of items comes as text. Source: API Gateway API reference, GetApis, maxResults.
 * @throws AwsError `BadRequestException` for a number that is none, and for a token no answer gave
 */
export function listPage<T>(
  items: readonly T[],
  { MaxResults, NextToken }: { readonly MaxResults?: string | undefined; readonly NextToken?: string | undefined },
): Page<T> {
  if (MaxResults !== undefined && !/^[1-9]\d{0,8}$/.test(MaxResults)) throw badRequest('Invalid MaxResults parameter');
  const size = Math.min(Number(MaxResults ?? PAGE), PAGE);
  return pageAt(items, NextToken, size, () => badRequest('Invalid NextToken parameter'));
}
