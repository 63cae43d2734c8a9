import { recogniseOrderEvent } from '@outbox/orders-events';
import { createConsumer, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { customerMessage } from './effect';

/** One message to the customer per change of an order, in the order of the changes. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniseOrderEvent, effect: customerMessage });
}
