import { createConsumer, recogniserOf, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { shipment } from './effect';

/** One shipment per created order, whatever is delivered and how often. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniserOf([order.Created]), effect: shipment });
}
