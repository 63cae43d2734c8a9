import { AwsError, pageBy, type Page } from '@outbox/local-cloud-kernel';
import { checkNumber, checkText } from './constraints';

/** Items of one page, unless fewer are asked for, and at most: EventBridge, Pipes and Scheduler API references, every List…. */
const PAGE = 100;

/**
 * One page of a listing; `member` is what the request calls the number of items it asks for.
 * @throws AwsError ValidationException for a number out of range, or a token that no page gave
 */
export function pageOf<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  member: string,
  asked: number | undefined,
  token: string | undefined,
): Page<T> {
  checkNumber(asked, member, 1, PAGE);
  checkText(token, 'nextToken', { most: 2048 });
  const invalid = (): AwsError => new AwsError('ValidationException', 'The pagination token is not valid.');
  return pageBy(items, key, token, asked ?? PAGE, invalid);
}
