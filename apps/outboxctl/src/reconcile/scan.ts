import { BatchGetItemCommand, ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import { ORDER_SUMMARY_ATTRIBUTES, orderIdOf, orderKey } from '@outbox/orders-dynamodb';
import { OUTBOX_SUMMARY_ATTRIBUTES } from '@outbox/outbox-dynamodb';
import { orderOfSubject } from '../subject';
import { readOrderState, type OrderState, type ReadCount } from '../tables';

export interface ScannedOrder {
  readonly orderId: string;
  readonly state: OrderState;
}

/** What is judged of the orders table: without `detail`, which is most of it, and of which an order may have thousands. */
const JUDGED = [...new Set([...ORDER_SUMMARY_ATTRIBUTES, ...OUTBOX_SUMMARY_ATTRIBUTES])];

/**
 * Every order with its outbox items, one at a time: a Scan yields a partition's items together, so memory holds one
 * page and one order whatever the table's size.
 */
export async function* scanOrders(
  dynamodb: DynamoDBClient,
  table: string,
  read: ReadCount,
): AsyncGenerator<ScannedOrder> {
  const scanned = ({ orderId, items }: Current): ScannedOrder => ({ orderId, state: readOrderState(table, items) });
  let current: Current | undefined;
  for await (const item of scan(dynamodb, table, read, JUDGED)) {
    const orderId = orderIdOf(item['pk']?.S);
    // The sweeper's state lies there besides.
    if (orderId === undefined) continue;
    if (current && current.orderId !== orderId) {
      yield scanned(current);
      current = undefined;
    }
    current ??= { orderId, items: [] };
    current.items.push(item);
  }
  if (current) yield scanned(current);
}

interface Current {
  readonly orderId: string;
  readonly items: Item[];
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
  for await (const item of scan(dynamodb, consumerTable, read, ['pk'])) {
    const orderId = orderOfSubject(item['pk']?.S);
    if (orderId === undefined || orderId === last) continue;
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
): AsyncGenerator<Item> {
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
    yield* page.Items ?? [];
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
  let keys = [...orderIds].map((orderId) => marshalKey(orderKey(orderId)));
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
    for (const { pk } of found) unknown.delete(orderIdOf(pk?.S) ?? '');
    keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
  }
  yield* unknown;
}
