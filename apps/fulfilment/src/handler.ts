import { consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';

/** The shipment that each created order asks for. */
export const handler = consumer({
  name: 'fulfilment',
  policy: 'once',
  on: [order.Created],
  effect: ({ id, data }) => ({
    shipmentId: id,
    shipmentStatus: 'REQUESTED',
    customerId: data.customerId,
    lines: data.items.length,
    units: data.items.reduce((units, { quantity }) => units + quantity, 0),
  }),
});
