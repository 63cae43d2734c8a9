/** An event waiting in the outbox, as it lies in the table: one per version of its aggregate. */
export interface OutboxItem {
  readonly pk: string;
  /** `EVENT#<version, zero-padded to 10>`. */
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

export const OUTBOX_ENTITY = 'OutboxEvent';

/** Sort key of the event of a version. */
export function eventKey(version: number): string {
  return `EVENT#${String(version).padStart(10, '0')}`;
}
