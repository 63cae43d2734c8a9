import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createOutbox, defineAggregate, readOutboxConfig, type Outbox } from 'transactional-outbox-aws';
import * as z from 'zod';

/** What this service publishes, each event with its versions. */
export const subscription = defineAggregate('subscription', {
  events: {
    Started: { v1: z.object({ plan: z.string() }) },
    Cancelled: { v1: z.object({ reason: z.string() }) },
  },
});

export const openOutbox = () => createOutbox({ dynamodb: new DynamoDBClient(), ...readOutboxConfig(process.env) });

/** The table this service has always had: its key is `id`, it has neither sort key nor version. */
export const table = 'subscriptions';

export async function start(outbox: Outbox, id: string, plan: string) {
  return outbox.commit({
    aggregate: subscription,
    id,
    after: 0, // a new one
    events: [subscription.Started({ plan })],
    write: [
      { put: { table, item: { id, plan, status: 'active' }, condition: { expression: 'attribute_not_exists(id)' } } },
    ],
  });
}

/** Also of subscriptions from before there was an outbox: nothing was published about them, so this is their event 1. */
export async function cancel(outbox: Outbox, id: string, reason: string) {
  const loaded = await outbox.loadHead({ aggregate: subscription, id });
  return outbox.commit({
    aggregate: subscription,
    id,
    after: loaded?.head.lastSequence ?? 0,
    events: [subscription.Cancelled({ reason })],
    write: [
      {
        update: {
          table,
          key: { id },
          update: 'SET #status = :cancelled',
          names: { '#status': 'status' },
          values: { ':cancelled': 'cancelled' },
          condition: {
            expression: '#status = :active',
            names: { '#status': 'status' },
            values: { ':active': 'active' },
          },
        },
      },
    ],
  });
}
