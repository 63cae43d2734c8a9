import { QueryCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import { readSubject, subjectKey } from '@outbox/inbox-dynamodb';
import { orderPk } from '@outbox/orders-dynamodb';
import { NotFoundError } from '@outbox/cli-kit';
import type { Stack } from '../stack';
import { subjectOf } from '../subject';
import { readOrderState, type ReadCount } from '../tables';
import { buildTrace, type Trace } from './timeline';

/**
 * One consistent Query on the orders table plus one per consumer.
 * @throws NotFoundError when the orders table holds nothing under that id, CorruptItemError
 */
export async function loadTrace(dynamodb: DynamoDBClient, stack: Stack, orderId: string): Promise<Trace> {
  const [orderItems, ...consumerItems] = await Promise.all([
    partition(dynamodb, stack.orders_table_name, orderPk(orderId)),
    ...Object.values(stack.consumers).map((output) =>
      partition(dynamodb, output.table_name, subjectKey(subjectOf(orderId))),
    ),
  ]);
  if (orderItems.length === 0) throw new NotFoundError(`no order ${orderId} in table ${stack.orders_table_name}`);
  const consumers = Object.entries(stack.consumers).map(([name, output], index) => ({
    name,
    output,
    subject: readSubject(output.table_name, consumerItems[index] ?? []),
  }));
  return buildTrace(orderId, readOrderState(stack.orders_table_name, orderItems), consumers);
}

/** Every item of a partition, read consistently; `read` counts it. */
export async function partition(
  dynamodb: DynamoDBClient,
  table: string,
  key: string,
  read: ReadCount = { items: 0, capacityUnits: 0 },
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: key } },
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    read.items += page.Count ?? 0;
    read.capacityUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}
