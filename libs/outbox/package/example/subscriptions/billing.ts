import { callHttp, consumer } from 'transactional-outbox-aws/consumer';
import { subscription } from './subscriptions.js';

/** Tells the billing API of each start and end, once. Without BILLING_URL it only records what it would have sent. */
export const handler = consumer({
  name: 'billing',
  policy: 'once',
  on: [subscription.Started, subscription.Cancelled],
  callTimeout: '5s',

  call: async ({ subject, type, data }, context) => {
    const body = { subscription: subject, change: type, ...data };
    const url = process.env['BILLING_URL'];
    if (!url) return { unsent: body };
    const reply = await callHttp(context, { url, body, accept: [200, 201, 409] }); // 409: it has this key already
    return { status: reply.status, reply: reply.body };
  },

  complete: (_event, outcome) => ({ record: outcome }),
});
