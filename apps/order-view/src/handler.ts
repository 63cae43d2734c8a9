import { recogniseOrderEvent } from '@outbox/events';
import { createConsumer, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-store';
import { orderView } from './effect';

/** The newest state of each order, for lists by customer. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniseOrderEvent, effect: orderView });
}
