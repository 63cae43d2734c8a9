import { createConsumer, recogniserOf, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { customerMessage } from './effect';

/** One message to the customer per change of an order, in the order of the changes. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniserOf(order.eventTypes), effect: customerMessage });
}
