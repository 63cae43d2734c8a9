import { ORDER_CREATED_V1, ORDER_EVENT_SOURCE, ORDER_UPDATED_V1, type OrderEvent } from '@outbox/orders-events';
import type { Order } from './order';

/** What ties an event to the request that caused it. */
export interface EventOrigin {
  readonly eventId: string;
  readonly correlationId: string;
  /** Opaque id of the principal the order belongs to; who asks is the owner, or it is not changed. */
  readonly owner?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
}

/** The event that says an order was placed. */
export function orderCreated(order: Order, origin: EventOrigin): OrderEvent {
  return { ...envelope(order, origin), type: 'OrderCreated', dataschema: ORDER_CREATED_V1, data: order };
}

/** The event that says an order changed, and which fields. */
export function orderUpdated(order: Order, changed: readonly string[], origin: EventOrigin): OrderEvent {
  return {
    ...envelope(order, origin),
    type: 'OrderUpdated',
    dataschema: ORDER_UPDATED_V1,
    data: { ...order, changed: [...changed] },
  };
}

function envelope(order: Order, { eventId, correlationId, owner, traceparent }: EventOrigin) {
  return {
    specversion: '1.0' as const,
    id: eventId,
    source: ORDER_EVENT_SOURCE,
    subject: order.orderId,
    time: order.updatedAt,
    datacontenttype: 'application/json' as const,
    sequence: String(order.version),
    partitionkey: order.orderId,
    correlationid: correlationId,
    ...(owner === undefined ? {} : { owner }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
