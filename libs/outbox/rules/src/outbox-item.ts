/** An event waiting in the outbox, as it lies in the table: one per sequence number of its aggregate. */
export interface OutboxItem {
  readonly pk: string;
  /** `EVENT#<sequence, zero-padded to 10>`. */
  readonly sk: string;
  readonly entity: 'OutboxEvent';
  readonly id: string;
  readonly type: string;
  /** ISO-8601, milliseconds. */
  readonly committedAt: string;
  /** Times the sweeper published it. */
  readonly attempts: number;
  /** The CloudEvent as JSON text, exactly what consumers get but for `relayedat`. */
  readonly detail: string;
  /** With `dueAt` the key of the index `unpublished`; both are gone once the event is published. */
  readonly unpublishedShard?: string;
  readonly dueAt?: string;
}

/** Where an item lies in the table. */
export type ItemKey = Pick<OutboxItem, 'pk' | 'sk'>;

/**
 * An item with what became of it. Unpublished: `unpublishedShard` and `dueAt`. Published: `publishedAt` and
 * `expiresAt`. Given up: `failedAt` and `failure`. Never two of the three.
 */
export interface StoredOutboxItem extends OutboxItem {
  /** ISO-8601. */
  readonly publishedAt?: string;
  /** When retention removes it, epoch seconds. */
  readonly expiresAt?: number;
  /** ISO-8601. */
  readonly failedAt?: string;
  /** Why the sweeper gave up, in one sentence. */
  readonly failure?: string;
  /** What the bus said to the sweeper's last attempt, if it refused. */
  readonly lastError?: string;
  /** When its content was erased, ISO-8601: its `detail` is no event any more. */
  readonly erasedAt?: string;
}

export const OUTBOX_ENTITY = 'OutboxEvent';

/** Sort key of the event of a sequence number. */
export function eventKey(sequence: number): string {
  return `EVENT#${String(sequence).padStart(10, '0')}`;
}

/** The sequence number in the sort key of an event; NaN for any other item's. */
export function sequenceOf({ sk }: Pick<ItemKey, 'sk'>): number {
  return sk.startsWith('EVENT#') ? Number(sk.slice('EVENT#'.length)) : Number.NaN;
}
