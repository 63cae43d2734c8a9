import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import { aggregateKey, committedEvent, eventKey, type ItemKey, type StoredOutboxItem } from '@outbox/outbox-rules';
import type { AggregateType, EventEnvelope } from '@outbox/outbox-envelope';
import { outboxHeadKey, unmarshalHead, type OutboxHead } from './outbox-head';
import { readAnswer, unmarshalOutboxItem } from './outbox-item';
import type { OutboxTable } from './outbox-table';

/**
 * The item as it stands now, or undefined when retention removed it. Strongly consistent: the index lags behind.
 * @throws CorruptItemError
 */
export async function readItem(table: OutboxTable, key: ItemKey): Promise<StoredOutboxItem | undefined> {
  const item = await loadItem(table, key);
  return item && unmarshalOutboxItem(table.tableName, item);
}

/** One aggregate in the outbox. */
export interface AggregateRef {
  readonly aggregate: Pick<AggregateType, 'aggregateType'>;
  readonly id: string;
}

/** An aggregate's head, and the item that it was read from. */
export interface LoadedHead {
  readonly head: OutboxHead;
  /** With the marks of commits. */
  readonly item: Item;
}

/** An aggregate's head as it is now, and its item with what a command keeps there; undefined: nothing was committed yet. */
export async function loadHead(table: OutboxTable, { aggregate, id }: AggregateRef): Promise<LoadedHead | undefined> {
  const item = await loadItem(table, outboxHeadKey(aggregateKey(aggregate.aggregateType, id)));
  return item && { head: unmarshalHead(table.tableName, item), item };
}

/** A committed event, with what a command that caused it was answered. */
export interface CommittedAnswer {
  readonly event: EventEnvelope;
  readonly answer?: string;
}

/** An item of the outbox holds no event that anybody could read. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';

  constructor(table: string, event: string, reason: string) {
    super(`table ${table}, event ${event}: ${reason}`);
  }
}

/**
 * The event of one sequence number, or undefined once retention removed it or it was erased. Strongly consistent.
 * @throws CorruptItemError, UnreadableEventError
 */
export async function loadEvent(
  table: OutboxTable,
  { aggregate, id }: AggregateRef,
  sequence: number,
): Promise<CommittedAnswer | undefined> {
  const item = await loadItem(table, { pk: aggregateKey(aggregate.aggregateType, id), sk: eventKey(sequence) });
  if (!item) return undefined;
  const stored = unmarshalOutboxItem(table.tableName, item);
  if (stored.erasedAt !== undefined) return undefined;
  const committed = committedEvent(stored);
  if (committed.kind === 'unreadable') {
    throw new UnreadableEventError(table.tableName, `${aggregate.aggregateType} ${id} ${sequence}`, committed.reason);
  }
  const answer = readAnswer(item);
  return { event: committed.event, ...(answer === undefined ? {} : { answer }) };
}

async function loadItem({ dynamodb, tableName }: OutboxTable, key: ItemKey): Promise<Item | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item;
}
