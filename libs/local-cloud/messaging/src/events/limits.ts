import { checkNumber, checkOneOf, checkText } from '../shared/constraints';
import { checkToken, pageBy, type Page } from '../shared/page';
import { validation } from './errors';

/** Items of one page, unless fewer are asked for, and at most (EventBridge API reference, every List… operation). */
const PAGE = 100;
const TOKEN = { most: 2048 };

/** One page of a listing. @throws AwsError ValidationException for a `Limit` out of range, or a token that is none */
export function pageOf<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  { Limit, NextToken }: { readonly Limit?: number; readonly NextToken?: string },
): Page<T> {
  checkNumber(Limit, 'limit', 1, PAGE);
  checkText(NextToken, 'nextToken', TOKEN);
  checkToken(NextToken);
  return pageBy(items, key, Limit ?? PAGE, NextToken);
}

/** By what the archives or replays of a listing are chosen. */
interface Filters {
  readonly NamePrefix?: string;
  readonly EventSourceArn?: string;
  readonly State?: string;
}

/**
 * Archives and replays are listed by one of three filters (EventBridge API reference, ListArchives and ListReplays).
 * @throws AwsError ValidationException for more than one, or a state that is none
 */
export function checkFilters(
  { NamePrefix, EventSourceArn, State }: Filters,
  operation: string,
  states: string[],
): void {
  checkOneOf(State, 'state', states);
  if ([NamePrefix, EventSourceArn, State].filter((filter) => filter !== undefined).length > 1) {
    throw validation(
      `At most one filter is allowed for ${operation}. Use either : State, EventSourceArn, or NamePrefix.`,
    );
  }
}
