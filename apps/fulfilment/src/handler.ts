import { recogniseOrderEvent } from '@outbox/orders-events';
import { createConsumer, ofType, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { shipment } from './effect';

/** One shipment per created order, whatever is delivered and how often. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: ofType(recogniseOrderEvent, 'OrderCreated'), effect: shipment });
}
