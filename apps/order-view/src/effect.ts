import type { OrderEvent } from '@outbox/orders-events';
import type { EffectFields } from '@outbox/inbox-dynamodb';

/** The keys of the index `byCustomer`. */
export const INDEXED = ['customerId', 'placedAt'];

/** An order as lists by customer show it; `owner` is who may see it. */
export function orderView({ data, owner }: OrderEvent): EffectFields {
  return {
    customerId: data.customerId,
    owner,
    placedAt: data.placedAt,
    updatedAt: data.updatedAt,
    status: data.status,
    total: data.total,
    currency: data.currency,
    itemCount: data.items.length,
  };
}
