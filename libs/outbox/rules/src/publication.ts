import type { StoredOutboxItem } from './outbox-item';

/** Whether an event has yet to come off the bus. One that the sweeper gave up has: an operator has it tried again. */
export function isAwaited({
  unpublishedShard,
  failedAt,
}: Pick<StoredOutboxItem, 'unpublishedShard' | 'failedAt'>): boolean {
  return unpublishedShard !== undefined || failedAt !== undefined;
}
