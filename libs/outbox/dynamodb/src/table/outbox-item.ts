import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { itemReader, readTraceparent, type Item } from '@outbox/function-kit';
import {
  committedEvent,
  OUTBOX_ENTITY,
  sequenceOf,
  type OutboxItem,
  type StoredOutboxItem,
} from '@outbox/outbox-rules';

/**
 * The part of a transaction that puts an event into the outbox, with what a command answered beside it. The condition
 * has a sequence number used once, whatever became of the head; the refusal brings what lies there.
 */
export function outboxPut(tableName: string, item: OutboxItem, answer?: string): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: { ...marshalOutboxItem(item), ...(answer === undefined ? {} : { answer: { S: answer } }) },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function marshalOutboxItem({ attempts, ...texts }: OutboxItem): Item {
  const strings = Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [[name, { S: value }]]));
  return { ...(Object.fromEntries(strings) as Item), attempts: { N: String(attempts) } };
}

/** An item without the event itself, which is most of it. */
export type OutboxSummary = Omit<StoredOutboxItem, 'detail'>;

/** The attributes that a summary is read from, to be asked for by a projection. */
export const OUTBOX_SUMMARY_ATTRIBUTES: readonly (keyof OutboxSummary)[] = [
  'pk',
  'sk',
  'entity',
  'id',
  'type',
  'committedAt',
  'attempts',
  'unpublishedShard',
  'dueAt',
  'publishedAt',
  'expiresAt',
  'failedAt',
  'failure',
  'lastError',
  'erasedAt',
];

/** Whether an item of the table is an event; aggregates and what the sweeper remembers lie beside them. */
export function isOutboxItem(item: Item): boolean {
  return item['entity']?.S === OUTBOX_ENTITY;
}

/**
 * Reads an item back.
 * @throws CorruptItemError
 */
export function unmarshalOutboxItem(table: string, item: Item): StoredOutboxItem {
  return { ...readOutboxSummary(table, item), detail: itemReader(table, item).text('detail') };
}

/**
 * Reads all of an item but its `detail`.
 * @throws CorruptItemError
 */
export function readOutboxSummary(table: string, item: Item): OutboxSummary {
  const read = itemReader(table, item);
  if (!isOutboxItem(item)) read.corrupt('entity');
  const key = { pk: read.text('pk'), sk: read.text('sk') };
  if (Number.isNaN(sequenceOf(key))) read.corrupt('sk');
  const expiresAt = read.optionalNumber('expiresAt');
  return {
    ...key,
    entity: OUTBOX_ENTITY,
    id: read.text('id'),
    type: read.text('type'),
    committedAt: read.text('committedAt'),
    attempts: read.number('attempts'),
    ...read.optionalTexts('unpublishedShard', 'dueAt', 'publishedAt', 'failedAt', 'failure', 'lastError', 'erasedAt'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Id of the trace that the event is a part of; undefined where there is none, or its content isn't there to be read. */
export function readTraceId(item: Item): string | undefined {
  const [detail, id, type] = [item['detail']?.S, item['id']?.S, item['type']?.S];
  if (detail === undefined) return undefined;
  const committed = committedEvent({ detail, id, type });
  return committed.kind === 'event' ? readTraceparent(committed.event.traceparent)?.traceId : undefined;
}

/** What a command that caused the event was answered, if it was a command. */
export function readAnswer(item: Item): string | undefined {
  return item['answer']?.S;
}
