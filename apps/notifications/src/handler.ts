import { recogniseOrderEvent } from '@outbox/events';
import { createConsumer, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-store';
import { customerMessage } from './effect';

/** One message to the customer per change of an order, in the order of the changes. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniseOrderEvent, effect: customerMessage });
}
