import { GetItemCommand, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { CorruptItemError, itemReader, marshalKey, type Item } from '@outbox/function-kit';
import type { ItemKey } from '@outbox/outbox-rules';
import { readOutboxSummary, type OutboxSummary } from './outbox-item';
import type { OutboxTable } from './outbox-table';

/** An event that the sweeper gave up. */
export interface FailedItem extends ItemKey {
  /** ISO-8601. */
  readonly failedAt: string;
  readonly failure: string;
  /** What else its item says; undefined: the item can't be read, which is why it was given up. */
  readonly event?: OutboxSummary;
}

/**
 * Every event that the sweeper gave up, in no order. It scans the whole table: an operator's question asked now and
 * then, for which no index is kept that every event would pay for.
 */
export async function* failedItems({ dynamodb, tableName }: OutboxTable): AsyncGenerator<FailedItem> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: tableName,
        FilterExpression: 'attribute_exists(failedAt)',
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) yield readFailedItem(tableName, item);
    start = page.LastEvaluatedKey;
  } while (start);
}

/** The event under a key, if the sweeper gave it up. Strongly consistent. */
export async function loadFailedItem(
  { dynamodb, tableName }: OutboxTable,
  key: ItemKey,
): Promise<FailedItem | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: marshalKey(key), ConsistentRead: true }),
  );
  return Item?.['failedAt'] === undefined ? undefined : readFailedItem(tableName, Item);
}

function readFailedItem(tableName: string, item: Item): FailedItem {
  const read = itemReader(tableName, item);
  const key = { pk: read.text('pk'), sk: read.text('sk') };
  const event = readable(tableName, item);
  return { ...key, failedAt: read.text('failedAt'), failure: read.text('failure'), ...(event ? { event } : {}) };
}

function readable(tableName: string, item: Item): OutboxSummary | undefined {
  try {
    return readOutboxSummary(tableName, item);
  } catch (error) {
    if (error instanceof CorruptItemError) return undefined;
    throw error;
  }
}
