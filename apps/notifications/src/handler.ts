import { consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { customerMessage } from './customer-message';

/** One message to the customer per change of an order, in the order of the changes. */
export const handler = consumer({
  name: 'notifications',
  policy: 'in-order',
  on: order,
  effect: (event) => ({ customerId: event.data.customerId, message: customerMessage(event) }),
});
