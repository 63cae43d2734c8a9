import { ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StoredOutboxItem } from '@outbox/outbox-rules';
import type { OutboxTable } from './outbox-table';
import { unmarshalOutboxItem } from './outbox-item';

/**
 * Every event that the sweeper gave up, in no order. It scans the whole table: an operator's question asked now and
 * then, for which no index is kept that every event would pay for.
 * @throws CorruptItemError
 */
export async function* failedItems({ dynamodb, tableName }: OutboxTable): AsyncGenerator<StoredOutboxItem> {
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
    for (const item of page.Items ?? []) yield unmarshalOutboxItem(tableName, item);
    start = page.LastEvaluatedKey;
  } while (start);
}
