import { createConsumer, recogniserOf, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { INDEXED, orderView } from './effect';

/** The newest state of each order, for lists by customer. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniserOf(order.eventTypes), effect: orderView, indexed: INDEXED });
}
