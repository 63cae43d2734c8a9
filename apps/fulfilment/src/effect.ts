import type { OrderCreated } from '@outbox/orders-events';
import type { EffectFields } from '@outbox/inbox-dynamodb';

/**
 * The shipment an order asks for. It is named after the event, so that a carrier's API, were it called, would get the
 * same idempotency key at every attempt.
 */
export function shipment({ id, data }: OrderCreated): EffectFields {
  return {
    shipmentId: id,
    shipmentStatus: 'REQUESTED',
    customerId: data.customerId,
    lines: data.items.length,
    units: data.items.reduce((units, { quantity }) => units + quantity, 0),
  };
}
