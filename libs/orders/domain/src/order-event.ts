import { EVENT_SOURCE, order as events, type OrderCreated, type OrderUpdated } from '@outbox/orders-events';
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
export function orderCreated(order: Order, origin: EventOrigin): OrderCreated {
  return { ...envelope(order, origin), ...events.Created(order) };
}

/** The event that says an order changed, and which fields. */
export function orderUpdated(order: Order, changed: readonly string[], origin: EventOrigin): OrderUpdated {
  return { ...envelope(order, origin), ...events.Updated({ ...order, changed: [...changed] }) };
}

function envelope(order: Order, { eventId, correlationId, owner, traceparent }: EventOrigin) {
  return {
    specversion: '1.0' as const,
    id: eventId,
    source: EVENT_SOURCE,
    subject: order.orderId,
    time: order.updatedAt,
    datacontenttype: 'application/json' as const,
    sequence: String(order.version),
    partitionkey: `order#${order.orderId}`,
    correlationid: correlationId,
    ...(owner === undefined ? {} : { owner }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
