import { recogniseOrderEvent } from '@outbox/orders-events';
import { createConsumer, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { orderView } from './effect';

/** The newest state of each order, for lists by customer. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniseOrderEvent, effect: orderView });
}
