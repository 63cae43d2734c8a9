import { BatchGetItemCommand, ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isOfOrder, orderIdOf, orderKey, scalars, type ReadCount, type Row } from '../tables';

export interface OrderRows {
  readonly orderId: string;
  readonly rows: readonly Row[];
}

/** What is judged of the orders table: without `detail`, which is most of it, and of which an order may have thousands. */
const JUDGED = 'pk sk entity version id type committedAt attempts dueAt expiresAt failedAt failure'.split(' ');

/**
 * Every order with its outbox items, one at a time: a Scan yields a partition's items together, so memory holds one
 * page and one order whatever the table's size.
 */
export async function* scanOrders(dynamodb: DynamoDBClient, table: string, read: ReadCount): AsyncGenerator<OrderRows> {
  let current: { orderId: string; rows: Row[] } | undefined;
  for await (const row of scan(dynamodb, table, read, JUDGED)) {
    if (!isOfOrder(row)) continue;
    const orderId = orderIdOf(row);
    if (current && current.orderId !== orderId) {
      yield current;
      current = undefined;
    }
    current ??= { orderId, rows: [] };
    current.rows.push(row);
  }
  if (current) yield current;
}

/** Ids of orders that a consumer's table speaks of and the orders table does not know. */
export async function* scanOrphans(
  dynamodb: DynamoDBClient,
  ordersTable: string,
  consumerTable: string,
  read: ReadCount,
): AsyncGenerator<string> {
  let batch = new Set<string>();
  let last = '';
  for await (const row of scan(dynamodb, consumerTable, read, ['pk'])) {
    const orderId = String(row['pk']);
    if (orderId === last) continue;
    last = orderId;
    batch.add(orderId);
    if (batch.size === 100) {
      yield* unknownOrders(dynamodb, ordersTable, batch, read);
      batch = new Set();
    }
  }
  if (batch.size > 0) yield* unknownOrders(dynamodb, ordersTable, batch, read);
}

async function* scan(
  dynamodb: DynamoDBClient,
  table: string,
  read: ReadCount,
  attributes: readonly string[],
): AsyncGenerator<Row> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        // By placeholders: some of the names are words of DynamoDB's own.
        ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    read.items += page.ScannedCount ?? 0;
    read.capacityUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
    for (const item of page.Items ?? []) yield scalars(item);
    start = page.LastEvaluatedKey;
  } while (start);
}

async function* unknownOrders(
  dynamodb: DynamoDBClient,
  table: string,
  orderIds: ReadonlySet<string>,
  read: ReadCount,
): AsyncGenerator<string> {
  const unknown = new Set(orderIds);
  let keys = [...orderIds].map((orderId) => ({ pk: { S: orderKey(orderId) }, sk: { S: 'ORDER' } }));
  while (keys.length > 0) {
    const answer = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: keys, ConsistentRead: true, ProjectionExpression: 'pk' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    const found = answer.Responses?.[table] ?? [];
    read.items += found.length;
    for (const consumed of answer.ConsumedCapacity ?? []) read.capacityUnits += consumed.CapacityUnits ?? 0;
    for (const item of found) unknown.delete(orderIdOf(scalars(item)));
    keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
  }
  yield* unknown;
}
