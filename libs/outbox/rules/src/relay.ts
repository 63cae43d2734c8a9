import { parseEnvelope, type EventEnvelope } from '@outbox/events';
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
  const unreadable = (reason: string): UnreadableRecord => new UnreadableRecord(record.eventID ?? 'without id', reason);
  if (image['entity']?.S !== OUTBOX_ENTITY) throw unreadable('it is no outbox item');
  const parsed = parseEnvelope(parseJson(image['detail']?.S));
  if (parsed.kind === 'malformed') throw unreadable(`its detail is no event: ${parsed.detail}`);
  const { envelope } = parsed;
  if (envelope.id !== image['id']?.S || envelope.type !== image['type']?.S) {
    throw unreadable(`its detail is event ${envelope.type} ${envelope.id}, the item says otherwise`);
  }
  return {
    dynamodb: { NewImage: { type: { S: envelope.type } } },
    detail: { ...envelope, relayedat: relayedAt },
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
