import { consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';

/** The current state of each order, as lists by customer show it; `owner` is who may see it. */
export const handler = consumer({
  name: 'order-view',
  policy: 'latest',
  on: order,
  // The keys of the index `byCustomer`.
  indexed: ['customerId', 'placedAt'],
  effect: ({ data, owner }) => ({
    customerId: data.customerId,
    owner,
    placedAt: data.placedAt,
    updatedAt: data.updatedAt,
    status: data.status,
    total: data.total,
    currency: data.currency,
    itemCount: data.items.length,
  }),
});
