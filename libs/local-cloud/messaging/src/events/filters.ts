import { validation } from './errors';

/** By what the archives or replays of a listing are chosen. */
interface Filters {
  readonly NamePrefix?: string;
  readonly EventSourceArn?: string;
  readonly State?: string;
}

/**
 * Archives and replays are listed by one of three filters (EventBridge API reference, ListArchives and ListReplays).
 * @throws AwsError ValidationException for more than one
 */
export function checkFilters({ NamePrefix, EventSourceArn, State }: Filters, operation: string): void {
  if ([NamePrefix, EventSourceArn, State].filter((filter) => filter !== undefined).length > 1) {
    throw validation(
      `At most one filter is allowed for ${operation}. Use either : State, EventSourceArn, or NamePrefix.`,
    );
  }
}
