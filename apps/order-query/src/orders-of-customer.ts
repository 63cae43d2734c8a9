import { QueryCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Position } from './cursor';

/** An order as a customer's list shows it. */
export interface ListedOrder {
  readonly orderId: string;
  readonly status: string;
  /** Decimal string in `currency`. */
  readonly total: string;
  readonly currency: string;
  readonly itemCount: number;
  readonly placedAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** One page, newest order first; `next` is there when older ones follow. */
export interface Page {
  readonly orders: readonly ListedOrder[];
  readonly next?: Position;
}

/** The read model holds an item that order-view cannot have written. */
export class ViewItemError extends Error {
  override readonly name = 'ViewItemError';
  constructor(orderId: string | undefined, attribute: string) {
    super(`the view of order ${orderId ?? 'without key'} has no usable attribute ${attribute}`);
  }
}

/** Index of order-view's table: customerId, then placedAt. */
const INDEX_NAME = 'byCustomer';

/** Orders per page. */
export const PAGE_SIZE = 20;

/**
 * A customer's orders from the read model, eventually consistent as every secondary index.
 * @throws ViewItemError, and what DynamoDB throws
 */
export async function ordersOfCustomer(
  dynamodb: DynamoDBClient,
  tableName: string,
  customerId: string,
  after?: Position,
): Promise<Page> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: INDEX_NAME,
      KeyConditionExpression: 'customerId = :customer',
      ExpressionAttributeValues: { ':customer': { S: customerId } },
      ScanIndexForward: false,
      // One more than a page tells whether another follows.
      Limit: PAGE_SIZE + 1,
      ...(after ? { ExclusiveStartKey: keyOf(after) } : {}),
    }),
  );
  const orders = Items.slice(0, PAGE_SIZE).map(listedOrder);
  const last = orders.at(-1);
  if (Items.length <= PAGE_SIZE || !last) return { orders };
  return { orders, next: { customerId, placedAt: last.placedAt, orderId: last.orderId } };
}

type Item = Record<string, AttributeValue>;

function keyOf({ orderId, customerId, placedAt }: Position): Item {
  return { pk: { S: orderId }, sk: { S: 'INBOX' }, customerId: { S: customerId }, placedAt: { S: placedAt } };
}

function listedOrder(item: Item): ListedOrder {
  const fail = (name: string): never => {
    throw new ViewItemError(item['pk']?.S, name);
  };
  const text = (name: string) => item[name]?.S ?? fail(name);
  const number = (name: string) => Number(item[name]?.N ?? fail(name));
  return {
    orderId: text('pk'),
    status: text('status'),
    total: text('total'),
    currency: text('currency'),
    itemCount: number('itemCount'),
    placedAt: text('placedAt'),
    updatedAt: text('updatedAt'),
    version: number('lastVersion'),
  };
}
