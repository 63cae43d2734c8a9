import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ORDER_STATUSES } from '@outbox/orders-events';
import { itemReader, marshalKey, type Item, type ItemReader } from '@outbox/function-kit';
import type { Order } from '@outbox/orders-domain';
import type { OrderRecord, VersionedMark } from './order-record';

const PK_PREFIX = 'ORDER#';
const ORDER_SK = 'ORDER';

/** Partition key of an order and its events. */
export function orderPk(orderId: string): string {
  return PK_PREFIX + orderId;
}

/** The order that a partition key of the table is of; undefined for what the outbox keeps there for itself. */
export function orderIdOf(pk: string | undefined): string | undefined {
  return pk?.startsWith(PK_PREFIX) ? pk.slice(PK_PREFIX.length) : undefined;
}

/** Key of the order itself. */
export function orderKey(orderId: string): { readonly pk: string; readonly sk: string } {
  return { pk: orderPk(orderId), sk: ORDER_SK };
}

/** The item an order lies in; DynamoDB's own types throughout, so that every console reads it. */
export function marshalOrder({ order, owner, createdBy, recentRequests, spentKeys }: OrderRecord): Item {
  return {
    ...marshalKey(orderKey(order.orderId)),
    orderId: { S: order.orderId },
    customerId: { S: order.customerId },
    status: { S: order.status },
    currency: { S: order.currency },
    items: {
      L: order.items.map(({ sku, quantity, unitPrice }) => ({
        M: { sku: { S: sku }, quantity: { N: String(quantity) }, unitPrice: { S: unitPrice } },
      })),
    },
    total: { S: order.total },
    version: { N: String(order.version) },
    placedAt: { S: order.placedAt },
    updatedAt: { S: order.updatedAt },
    owner: { S: owner },
    createdBy: { M: { keyHash: { S: createdBy.keyHash }, bodyHash: { S: createdBy.bodyHash } } },
    recentRequests: { L: recentRequests.map(marshalMark) },
    spentKeys: { S: spentKeys.join(',') },
  };
}

/** What is needed to compare an order with its events. */
export type OrderSummary = Pick<Order, 'orderId' | 'status' | 'version'>;

/** The attributes that a summary is read from, to be asked for by a projection. */
export const ORDER_SUMMARY_ATTRIBUTES: readonly string[] = ['pk', 'sk', 'status', 'version'];

/** Whether an item of the table is an order; its events lie beside it. */
export function isOrder(item: Item): boolean {
  return item['sk']?.S === ORDER_SK;
}

/**
 * Reads a summary of the item.
 * @throws CorruptItemError
 */
export function readOrderSummary(table: string, item: Item): OrderSummary {
  const read = itemReader(table, item);
  return {
    orderId: orderIdOf(read.text('pk')) ?? read.corrupt('pk'),
    status: statusOf(read),
    version: read.number('version'),
  };
}

/**
 * Reads the item back.
 * @throws CorruptItemError
 */
export function unmarshalOrder(table: string, item: Item): OrderRecord {
  const read = itemReader(table, item);
  const status = statusOf(read);
  const order: Order = {
    orderId: read.text('orderId'),
    customerId: read.text('customerId'),
    status,
    currency: read.text('currency'),
    items: read.maps('items').map((line) => ({
      sku: line.text('sku'),
      quantity: line.number('quantity'),
      unitPrice: line.text('unitPrice'),
    })),
    total: read.text('total'),
    version: read.number('version'),
    placedAt: read.text('placedAt'),
    updatedAt: read.text('updatedAt'),
  };
  const createdBy = read.map('createdBy');
  return {
    order,
    owner: read.text('owner'),
    createdBy: { keyHash: createdBy.text('keyHash'), bodyHash: createdBy.text('bodyHash') },
    recentRequests: read.maps('recentRequests').map((mark) => ({
      keyHash: mark.text('keyHash'),
      bodyHash: mark.text('bodyHash'),
      version: mark.number('version'),
      ...(mark.flag('keyless') ? { keyless: true } : {}),
    })),
    spentKeys: read
      .text('spentKeys')
      .split(',')
      .filter((key) => key !== ''),
  };
}

function statusOf(read: ItemReader): Order['status'] {
  const text = read.text('status');
  return ORDER_STATUSES.find((status) => status === text) ?? read.corrupt('status');
}

function marshalMark({ keyHash, bodyHash, keyless, version }: VersionedMark): AttributeValue {
  const texts = { keyHash: { S: keyHash }, bodyHash: { S: bodyHash } };
  return { M: { ...texts, version: { N: String(version) }, ...(keyless ? { keyless: { BOOL: true } } : {}) } };
}
