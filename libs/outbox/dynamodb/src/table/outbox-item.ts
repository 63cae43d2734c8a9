import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { itemReader, type Item } from '@outbox/function-kit';
import { OUTBOX_ENTITY, versionOf, type OutboxItem, type StoredOutboxItem } from '@outbox/outbox-rules';

/**
 * The part of a transaction that puts an event into the outbox. The condition makes a version's event written once,
 * whatever the aggregate's own condition says.
 */
export function outboxPut(tableName: string, item: OutboxItem): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: marshalOutboxItem(item),
      ConditionExpression: 'attribute_not_exists(pk)',
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
  if (Number.isNaN(versionOf(key))) read.corrupt('sk');
  const expiresAt = read.optionalNumber('expiresAt');
  return {
    ...key,
    entity: OUTBOX_ENTITY,
    id: read.text('id'),
    type: read.text('type'),
    committedAt: read.text('committedAt'),
    attempts: read.number('attempts'),
    ...read.optionalTexts('unpublishedShard', 'dueAt', 'publishedAt', 'failedAt', 'failure', 'lastError'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
