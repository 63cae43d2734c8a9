import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { ORDER_STATUSES } from '@outbox/events';
import type { Order } from '@outbox/orders-domain';
import type { OrderRecord, VersionedMark } from './order-record';

type Item = Record<string, AttributeValue>;

/** Partition key of an order and its events. */
export function orderPk(orderId: string): string {
  return `ORDER#${orderId}`;
}

/** Sort key of the order itself. */
export const ORDER_SK = 'ORDER';

/** The item an order lies in; DynamoDB's own types throughout, so that every console reads it. */
export function marshalOrder({ order, owner, createdBy, recentRequests, spentKeys }: OrderRecord): Item {
  return {
    pk: { S: orderPk(order.orderId) },
    sk: { S: ORDER_SK },
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

/**
 * Reads the item back.
 * @throws CorruptOrder when an attribute is missing or of another type, naming it
 */
export function unmarshalOrder(item: Item): OrderRecord {
  const pk = item['pk']?.S ?? 'without key';
  const text = (from: Item | undefined, name: string): string => from?.[name]?.S ?? corrupt(pk, name);
  const number = (from: Item | undefined, name: string): number => Number(from?.[name]?.N ?? corrupt(pk, name));
  const list = (name: string): AttributeValue[] => item[name]?.L ?? corrupt(pk, name);
  const status = ORDER_STATUSES.find((word) => word === item['status']?.S) ?? corrupt(pk, 'status');
  const order: Order = {
    orderId: text(item, 'orderId'),
    customerId: text(item, 'customerId'),
    status,
    currency: text(item, 'currency'),
    items: list('items').map(({ M }) => ({
      sku: text(M, 'sku'),
      quantity: number(M, 'quantity'),
      unitPrice: text(M, 'unitPrice'),
    })),
    total: text(item, 'total'),
    version: number(item, 'version'),
    placedAt: text(item, 'placedAt'),
    updatedAt: text(item, 'updatedAt'),
  };
  const createdBy = item['createdBy']?.M;
  return {
    order,
    owner: text(item, 'owner'),
    createdBy: { keyHash: text(createdBy, 'keyHash'), bodyHash: text(createdBy, 'bodyHash') },
    recentRequests: list('recentRequests').map(({ M }) => ({
      keyHash: text(M, 'keyHash'),
      bodyHash: text(M, 'bodyHash'),
      version: number(M, 'version'),
      ...(M?.['keyless']?.BOOL ? { keyless: true } : {}),
    })),
    spentKeys: text(item, 'spentKeys')
      .split(',')
      .filter((key) => key !== ''),
  };
}

/** An order item that this code did not write. */
export class CorruptOrder extends Error {
  override readonly name = 'CorruptOrder';

  constructor(
    readonly pk: string,
    readonly attribute: string,
  ) {
    super(`order item ${pk}: attribute ${attribute} is missing or not of its type`);
  }
}

function marshalMark({ keyHash, bodyHash, keyless, version }: VersionedMark): AttributeValue {
  const texts = { keyHash: { S: keyHash }, bodyHash: { S: bodyHash } };
  return { M: { ...texts, version: { N: String(version) }, ...(keyless ? { keyless: { BOOL: true } } : {}) } };
}

function corrupt(pk: string, attribute: string): never {
  throw new CorruptOrder(pk, attribute);
}
