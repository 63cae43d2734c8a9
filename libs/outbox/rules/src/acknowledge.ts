import { eventKey, type StoredOutboxItem } from './outbox-item';

/** An event that was seen on the bus. */
export interface PublishedEvent {
  readonly pk: string;
  readonly sequence: number;
  readonly id: string;
}

/** What an item gets once its event is on the bus; `unpublishedShard` and `dueAt` go at the same time. */
export interface Acknowledgement {
  readonly pk: string;
  readonly sk: string;
  readonly id: string;
  /** ISO-8601. */
  readonly publishedAt: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface RetentionPolicy {
  /** How long a published event stays in the table. */
  readonly retentionDays: number;
}

/** The acknowledgement of an event seen at `now` (epoch milliseconds); it holds for items that `isUnpublished`. */
export function acknowledge(event: PublishedEvent, now: number, { retentionDays }: RetentionPolicy): Acknowledgement {
  return {
    pk: event.pk,
    sk: eventKey(event.sequence),
    id: event.id,
    publishedAt: new Date(now).toISOString(),
    expiresAt: Math.floor(now / 1_000) + retentionDays * 86_400,
  };
}

/**
 * Whether an item still waits for its acknowledgement: the condition of every change to it. An item that retention
 * removed, another event under the same version, or one that is done already stays as it is.
 */
export function isUnpublished(item: StoredOutboxItem | undefined, id: string): item is StoredOutboxItem {
  return item !== undefined && item.id === id && item.unpublishedShard !== undefined;
}
