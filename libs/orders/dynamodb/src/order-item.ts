import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CorruptItemError, type Item, marshalPlain, unmarshalPlain } from '@outbox/function-kit';
import type { Order } from '@outbox/orders-domain';
import { orderSnapshotV1 } from '@outbox/orders-events';
import type { PlainWrite } from '@outbox/outbox-dynamodb';
import * as z from 'zod/mini';

/** The table of orders: an item each, under `orderId`. */
export interface OrdersTable {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}

/** What lies in the table: the order's fields, and whom it belongs to. */
const storedOrder = z.extend(orderSnapshotV1, { owner: z.string().check(z.minLength(1)) });

/** An order with whom it belongs to. */
export interface StoredOrder {
  readonly order: Order;
  readonly owner: string;
}

/** Writes a new order. */
export function putNewOrder(tableName: string, { order, owner }: StoredOrder): PlainWrite {
  return {
    put: { table: tableName, item: { ...order, owner }, condition: { expression: 'attribute_not_exists(orderId)' } },
  };
}

/**
 * Writes the fields of an order that a change gave new values, over its version `before`. What else the item holds, such
 * as an attribute that only a newer version of this code knows, stays. The head in the outbox decides races; the
 * condition finds out when table and outbox no longer belong together, as after the restore of one of them.
 */
export function updateOrder(
  tableName: string,
  { order, changed }: { readonly order: Order; readonly changed: readonly (keyof Order)[] },
  before: number,
): PlainWrite {
  const fields = [...changed, 'updatedAt', 'version'] as const;
  return {
    update: {
      table: tableName,
      key: { orderId: order.orderId },
      update: `SET ${fields.map((field) => `#${field} = :${field}`).join(', ')}`,
      names: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
      values: Object.fromEntries(fields.map((field) => [`:${field}`, order[field]])),
      condition: isAt(before),
    },
  };
}

/** Writes nothing; holds as long as an order is at its version `before`. */
export function checkOrder(tableName: string, orderId: string, before: number): PlainWrite {
  return { check: { table: tableName, key: { orderId }, condition: isAt(before) } };
}

function isAt(before: number) {
  return { expression: '#version = :before', names: { '#version': 'version' }, values: { ':before': before } };
}

/**
 * An order as it is now, by a strongly consistent read; undefined: there is none.
 * @throws CorruptItemError
 */
export async function loadOrder(table: OrdersTable, orderId: string): Promise<StoredOrder | undefined> {
  const { Item } = await table.dynamodb.send(
    new GetItemCommand({ TableName: table.tableName, Key: marshalPlain({ orderId }), ConsistentRead: true }),
  );
  return Item && unmarshalOrder(table.tableName, Item);
}

/**
 * Reads an item of the table.
 * @throws CorruptItemError naming the first attribute that is missing or makes no sense
 */
export function unmarshalOrder(tableName: string, item: Item): StoredOrder {
  return parseOrder(tableName, unmarshalPlain(item));
}

/** As `unmarshalOrder`, of an item in plain values. */
export function parseOrder(tableName: string, item: Readonly<Record<string, unknown>>): StoredOrder {
  const parsed = z.safeParse(storedOrder, item);
  if (!parsed.success) {
    const attribute = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CorruptItemError(tableName, String(item['orderId'] ?? '?'), attribute);
  }
  const { owner, ...order } = parsed.data;
  return { order, owner };
}
