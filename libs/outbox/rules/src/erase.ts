import type { StoredOutboxItem } from './outbox-item';

/** What takes the place of an event's content. */
export interface Erasure {
  /** No event, whoever parses it: no version of relay or sweeper can send it. */
  readonly detail: string;
  /** ISO-8601. */
  readonly erasedAt: string;
}

/**
 * What is to be done with an item whose content shall go. `waiting`: it is unpublished, and its content needed still, by the pipe or the
 * sweeper. `failed`: the sweeper gave it up; a retry would need it.
 */
export type Erasability = 'erase' | 'erased' | 'waiting' | 'failed';

/** Whether the content of an item can be erased now. */
export function erasability(item: Omit<StoredOutboxItem, 'detail'>): Erasability {
  if (item.erasedAt !== undefined) return 'erased';
  if (item.unpublishedShard !== undefined) return 'waiting';
  return item.failedAt === undefined ? 'erase' : 'failed';
}

/**
 * What is written in the place of an event's content at `now` (epoch milliseconds). Key, id, type and times stay: by
 * those the head, the consumers and whoever compares them know the event.
 */
export function erasure(now: number): Erasure {
  const erasedAt = new Date(now).toISOString();
  return { detail: JSON.stringify({ erasedAt }), erasedAt };
}
