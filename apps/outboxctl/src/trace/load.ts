import { QueryCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NotFoundError } from '../errors';
import type { Stack } from '../stack';
import { orderKey, scalars, type ReadCount, type Row } from '../tables';
import { buildTrace, type Trace } from './timeline';

/**
 * One consistent Query on the orders table plus one per consumer.
 * @throws NotFoundError when the orders table holds nothing under that id
 */
export async function loadTrace(dynamodb: DynamoDBClient, stack: Stack, orderId: string): Promise<Trace> {
  const [orderRows, ...consumerRows] = await Promise.all([
    partition(dynamodb, stack.orders_table_name, orderKey(orderId)),
    ...Object.values(stack.consumers).map((output) => partition(dynamodb, output.table_name, orderId)),
  ]);
  if (orderRows.length === 0) throw new NotFoundError(`no order ${orderId} in table ${stack.orders_table_name}`);
  const consumers = Object.entries(stack.consumers).map(([name, output], index) => ({
    name,
    output,
    rows: consumerRows[index] ?? [],
  }));
  return buildTrace(orderId, orderRows, consumers);
}

/** Every item of a partition, read consistently; `read` counts it. */
export async function partition(
  dynamodb: DynamoDBClient,
  table: string,
  key: string,
  read: ReadCount = { items: 0, capacityUnits: 0 },
): Promise<Row[]> {
  const rows: Row[] = [];
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
    for (const item of page.Items ?? []) rows.push(scalars(item));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}
