import { QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ANONYMOUS, itemReader, marshalKey, type Item, type ItemReader } from '@outbox/function-kit';
import { effectPath, headKey, readEffect, readHead, readSubjectKey } from '@outbox/inbox-dynamodb';
import { EVENT_SOURCE, order } from '@outbox/orders-events';
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

/** One page, newest order first; `next` is there when older ones may follow. */
export interface Page {
  readonly orders: readonly ListedOrder[];
  readonly next?: Position;
}

/** Where orders are read, and for whom. */
export interface View {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
  /** Opaque id of the principal that asks: other principals' orders are left out. */
  readonly owner: string;
}

/** Index of order-view's table: customerId, then placedAt. */
const INDEX_NAME = 'byCustomer';

/** Orders per page. */
export const PAGE_SIZE = 20;

/** Items looked at per query once a first one found too few: orders of other owners are skipped. */
const SKIP_SIZE = 200;

/** Queries per page at the most: one customer id with many owners makes short pages, never a slow answer. */
const MOST_QUERIES = 5;

/**
 * A customer's orders from the read model that `view.owner` owns, eventually consistent as every secondary index. A page
 * may be short, even empty, and still have a next one.
 * @throws CorruptItemError, and what DynamoDB throws
 */
export async function ordersOfCustomer(view: View, customerId: string, after?: Position): Promise<Page> {
  const found: Item[] = [];
  let from = after && keyOf(after);
  for (let queries = 0; queries < MOST_QUERIES; queries += 1) {
    // One more than a page tells whether another follows.
    const { Items = [], LastEvaluatedKey } = await query(
      view,
      customerId,
      queries === 0 ? PAGE_SIZE + 1 : SKIP_SIZE,
      from,
    );
    found.push(...Items);
    from = LastEvaluatedKey;
    if (found.length > PAGE_SIZE || !from) break;
  }
  const orders = found.slice(0, PAGE_SIZE).map((item) => listedOrder(view.tableName, item));
  const last = orders.at(-1);
  if (found.length > PAGE_SIZE && last) {
    return { orders, next: { customerId, placedAt: last.placedAt, orderId: last.orderId } };
  }
  return from ? { orders, next: positionOf(view.tableName, from) } : { orders };
}

function query({ dynamodb, tableName, owner }: View, customerId: string, limit: number, from: Item | undefined) {
  // What has no owner is from before there were any.
  const path = effectPath('#owner');
  const isOwn = owner === ANONYMOUS ? `(attribute_not_exists(${path}) OR ${path} = :owner)` : `${path} = :owner`;
  return dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: INDEX_NAME,
      KeyConditionExpression: 'customerId = :customer',
      FilterExpression: isOwn,
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':customer': { S: customerId }, ':owner': { S: owner } },
      ScanIndexForward: false,
      Limit: limit,
      ...(from ? { ExclusiveStartKey: from } : {}),
    }),
  );
}

function keyOf({ orderId, customerId, placedAt }: Position): Item {
  const subject = { source: EVENT_SOURCE, aggregateType: order.aggregateType, id: orderId };
  return { ...marshalKey(headKey(subject)), customerId: { S: customerId }, placedAt: { S: placedAt } };
}

function positionOf(table: string, key: Item): Position {
  const read = itemReader(table, key);
  return { customerId: read.text('customerId'), placedAt: read.text('placedAt'), orderId: orderIdOf(read) };
}

/** @throws CorruptItemError when the key is no subject's */
function orderIdOf(read: ItemReader): string {
  return readSubjectKey(read.text('pk'))?.id ?? read.corrupt('pk');
}

function listedOrder(table: string, item: Item): ListedOrder {
  const read = readEffect(table, item);
  return {
    orderId: orderIdOf(itemReader(table, item)),
    status: read.text('status'),
    total: read.text('total'),
    currency: read.text('currency'),
    itemCount: read.number('itemCount'),
    placedAt: read.text('placedAt'),
    updatedAt: read.text('updatedAt'),
    version: readHead(table, item).lastVersion,
  };
}
