import { defineAggregate, type EventsOf, type TypedEvent } from '@outbox/outbox-envelope';
import { orderSnapshotV1, type OrderSnapshotV1 } from './order-snapshot.v1';
import { orderUpdatedV1, type OrderUpdatedV1 } from './order-updated.v1';

/** What is published about an order. */
export const order = defineAggregate('order', {
  events: { Created: { v1: orderSnapshotV1 }, Updated: { v1: orderUpdatedV1 } },
});

export type OrderCreated = TypedEvent<'order', 'OrderCreated', OrderSnapshotV1>;
export type OrderUpdated = TypedEvent<'order', 'OrderUpdated', OrderUpdatedV1>;

export type OrderEvent = EventsOf<typeof order>;
