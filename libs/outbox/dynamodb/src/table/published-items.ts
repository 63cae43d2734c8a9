import { QueryCommand, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { isoTime } from '@outbox/function-kit';
import { eventKey, type StoredOutboxItem } from '@outbox/outbox-rules';
import { unmarshalOutboxItem } from './outbox-item';
import type { OutboxTable } from './outbox-table';

/** Which published events; what is absent doesn't matter. */
export interface PublishedFilter {
  /** Partition of the aggregate. */
  readonly pk?: string;
  /** Event type. */
  readonly type?: string;
  /** When it was committed, milliseconds since the epoch: from `since` on, before `before`. */
  readonly since?: number;
  readonly before?: number;
}

/** An aggregate's first event: its events sort from here on, after its head. */
const FIRST = eventKey(1);
const LAST = eventKey(9_999_999_999);

/**
 * Events that have come off the bus and whose content the outbox still has, those of an aggregate by their sequence. It
 * reads an aggregate's partition, or scans the whole table: an operator's question asked now and then.
 * @throws CorruptItemError
 */
export async function* publishedItems(
  { dynamodb, tableName: TableName }: OutboxTable,
  { pk, type, since, before }: PublishedFilter,
): AsyncGenerator<StoredOutboxItem> {
  const conditions = [
    'attribute_exists(publishedAt)',
    'attribute_not_exists(erasedAt)',
    ...(type === undefined ? [] : ['#type = :type']),
    ...(since === undefined ? [] : ['committedAt >= :since']),
    ...(before === undefined ? [] : ['committedAt < :before']),
  ];
  const values: Record<string, AttributeValue> = {
    ...(type === undefined ? {} : { ':type': { S: type } }),
    ...(since === undefined ? {} : { ':since': { S: isoTime(since) } }),
    ...(before === undefined ? {} : { ':before': { S: isoTime(before) } }),
  };
  const input = {
    TableName,
    ConsistentRead: true,
    FilterExpression: conditions.join(' AND '),
    ...(type === undefined ? {} : { ExpressionAttributeNames: { '#type': 'type' } }),
  };
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page =
      pk === undefined
        ? await dynamodb.send(
            new ScanCommand({
              ...input,
              ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
              ExclusiveStartKey,
            }),
          )
        : await dynamodb.send(
            new QueryCommand({
              ...input,
              KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
              ExpressionAttributeValues: { ...values, ':pk': { S: pk }, ':first': { S: FIRST }, ':last': { S: LAST } },
              ExclusiveStartKey,
            }),
          );
    for (const item of page.Items ?? []) yield unmarshalOutboxItem(TableName, item);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
