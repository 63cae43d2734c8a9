import type { OrderSnapshotV1 } from '@outbox/orders-events';

/** An order is what its events carry. */
export type Order = OrderSnapshotV1;
export type OrderItem = Order['items'][number];
export type OrderStatus = Order['status'];

/** An item as it comes in, price still as written. */
export interface ItemRequest {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: string;
}

/** A valid body of POST /orders. */
export interface PlaceOrder {
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly ItemRequest[];
}

/** A valid body of PATCH /orders/{orderId}; at least one member is there. */
export interface ChangeOrder {
  readonly status?: OrderStatus;
  readonly items?: readonly ItemRequest[];
}

/** One invalid part of a request, by JSON pointer (RFC 6901). */
export interface Violation {
  readonly pointer: string;
  readonly detail: string;
}

/** Versions an order has at the most. */
export const MAX_VERSION = 10_000;
