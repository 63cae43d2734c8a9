import type { EventEnvelope } from '@outbox/outbox-envelope';
import { eventKey, OUTBOX_ENTITY, type OutboxItem } from './outbox-item';
import { shardOf } from './shard';
import { utf8Bytes } from './utf8';

/**
 * UTF-8 bytes an envelope may have. Every queue takes 262,144; a bigger event would be committed and then undeliverable
 * for ever, so it is refused before the transaction.
 */
export const MAX_ENVELOPE_BYTES = 200_000;

export interface AppendPolicy {
  /** So long after its commit an unpublished event is due for the sweeper. */
  readonly thresholdMs: number;
}

export type Appended =
  | { readonly kind: 'item'; readonly item: OutboxItem }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number };

/** The outbox item of `event`, committed with the aggregate under `pk`. `event.time` is the time of the commit. */
export function append(pk: string, event: EventEnvelope, policy: AppendPolicy): Appended {
  const detail = JSON.stringify(event);
  const bytes = utf8Bytes(detail);
  if (bytes > MAX_ENVELOPE_BYTES) return { kind: 'too-large', bytes, limit: MAX_ENVELOPE_BYTES };
  return {
    kind: 'item',
    item: {
      pk,
      sk: eventKey(Number(event.sequence)),
      entity: OUTBOX_ENTITY,
      id: event.id,
      type: event.type,
      committedAt: event.time,
      attempts: 0,
      detail,
      unpublishedShard: shardOf(pk),
      dueAt: new Date(Date.parse(event.time) + policy.thresholdMs).toISOString(),
    },
  };
}
