import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { OutboxItem } from '@outbox/outbox-rules';

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

function marshalOutboxItem({ attempts, ...texts }: OutboxItem): Record<string, AttributeValue> {
  const strings = Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [[name, { S: value }]]));
  return { ...(Object.fromEntries(strings) as Record<string, AttributeValue>), attempts: { N: String(attempts) } };
}
