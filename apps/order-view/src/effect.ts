import type { OrderEvent } from '@outbox/events';
import type { EffectFields } from '@outbox/inbox-store';

/** An order as lists by customer show it; `customerId` and `placedAt` are the keys of the index `byCustomer`. */
export function orderView({ data }: OrderEvent): EffectFields {
  return {
    customerId: data.customerId,
    placedAt: data.placedAt,
    updatedAt: data.updatedAt,
    status: data.status,
    total: data.total,
    currency: data.currency,
    itemCount: data.items.length,
  };
}
