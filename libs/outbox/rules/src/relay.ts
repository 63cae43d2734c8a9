import type { EventEnvelope } from '@outbox/outbox-envelope';
import { committedEvent } from './committed-event';
import { OUTBOX_ENTITY } from './outbox-item';

/** What the relay reads of a DynamoDB stream record. */
export interface StreamRecord {
  readonly eventID?: string;
  readonly dynamodb?: { readonly NewImage?: Readonly<Record<string, { readonly S?: string } | undefined>> };
}

/** What the pipe makes one bus entry of: the type at the path of the record, the event as `detail`. */
export interface RelayedRecord {
  readonly dynamodb: { readonly NewImage: { readonly type: { readonly S: string } } };
  readonly detail: EventEnvelope;
}

/**
 * A record that is no outbox item, or whose event no consumer could read. Thrown, never dropped: an enrichment that
 * answers less than it was given loses events silently.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';

  constructor(
    readonly eventId: string,
    readonly reason: string,
    /** Keys of the item, as far as it has some. */
    readonly item: { readonly pk?: string; readonly sk?: string; readonly id?: string } = {},
  ) {
    super(`stream record ${eventId} can't be relayed: ${reason}`);
  }
}

/**
 * The event of one stream record, stamped with the time of the relay (ISO-8601).
 * @throws UnreadableRecord
 */
export function relay(record: StreamRecord, relayedAt: string): RelayedRecord {
  const image = record.dynamodb?.NewImage ?? {};
  const [pk, sk, id] = [image['pk']?.S, image['sk']?.S, image['id']?.S];
  const unreadable = (reason: string): UnreadableRecord =>
    new UnreadableRecord(record.eventID ?? 'without id', reason, { pk, sk, id });
  if (image['entity']?.S !== OUTBOX_ENTITY) throw unreadable('it is no outbox item');
  const committed = committedEvent({ detail: image['detail']?.S, id: image['id']?.S, type: image['type']?.S });
  if (committed.kind === 'unreadable') throw unreadable(committed.reason);
  const { event } = committed;
  return {
    dynamodb: { NewImage: { type: { S: event.type } } },
    detail: { ...event, relayedat: relayedAt },
  };
}
