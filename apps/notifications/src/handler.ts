import { callHttp, consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import * as z from 'zod/mini';
import { customerMessage } from './customer-message';

const accepted = z.object({ messageId: z.string() });

/**
 * One message to the customer per change of an order, in the order of the changes. Without MAIL_URL it only records what
 * it would have sent.
 */
export const handler = consumer({
  name: 'notifications',
  policy: 'in-order',
  on: order,
  callTimeout: '5s',
  // What was said to whom isn't kept for good.
  keepDays: 90,

  call: async (event, context): Promise<string | undefined> => {
    const address = process.env['MAIL_URL'];
    if (!address) return undefined;
    const { body } = await callHttp(context, {
      url: `${address.replace(/\/$/, '')}/mail/messages`,
      body: { to: event.data.customerId, subject: `Your order ${event.subject}`, text: customerMessage(event) },
      accept: [200, 202],
    });
    return z.parse(accepted, body).messageId;
  },

  complete: (event, messageId) => ({
    record: { customerId: event.data.customerId, message: customerMessage(event), messageId },
  }),
});
