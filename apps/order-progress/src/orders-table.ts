import type { CompletionTools, PlainWrite } from '@outbox/inbox-dynamodb';
import type { Order } from '@outbox/orders-domain';
import { orderSnapshotV1 } from '@outbox/orders-events';
import * as z from 'zod/mini';

/** What lies in the orders table under an order's id: the order, and whom it belongs to. */
const storedOrder = z.extend(orderSnapshotV1, { owner: z.optional(z.string()) });

/** An order with whom it belongs to. */
export interface StoredOrder {
  readonly order: Order;
  readonly owner?: string;
}

/** The order as it is now; undefined: there is none. @throws $ZodError when the item is no order */
export async function readOrder(
  read: CompletionTools['read'],
  tableName: string,
  orderId: string,
): Promise<StoredOrder | undefined> {
  const item = await read(tableName, { orderId });
  if (!item) return undefined;
  const { owner, ...order } = z.parse(storedOrder, item);
  return { order, ...(owner === undefined ? {} : { owner }) };
}

/** Writes an order over its version `before`. */
export function putChangedOrder(tableName: string, { order, owner }: StoredOrder, before: number): PlainWrite {
  return {
    put: {
      table: tableName,
      item: { ...order, owner },
      condition: {
        expression: '#version = :before',
        names: { '#version': 'version' },
        values: { ':before': before },
      },
    },
  };
}
