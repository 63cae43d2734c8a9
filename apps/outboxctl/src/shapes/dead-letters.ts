import * as z from 'zod';
import { aggregateId, count, counts, deadEvent, flag, time } from './parts';

const filter = z.strictObject({
  messages: z.array(z.string()),
  reason: z.string().optional(),
  type: z.string().optional(),
  about: z.strictObject(aggregateId).optional(),
  since: z.number().optional().describe('milliseconds since the epoch'),
  before: z.number().optional().describe('milliseconds since the epoch'),
});

const letter = z.strictObject({
  messageId: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.string()),
  event: deadEvent.optional().describe('absent when the body is no event of the bus'),
  events: z.array(deadEvent).optional().describe('of the pipe: the events of the records that it gave up'),
  reason: z.string(),
  detail: z.string().optional(),
  firstReceivedAt: z.string().optional(),
  receiveCount: count.optional(),
  sentAt: time.optional(),
});

const dropped = z.strictObject({
  ...{ dryRun: flag, dropped: z.string(), queue: z.string(), event: deadEvent.optional(), reason: z.string() },
  ...{ by: z.string(), at: time, reasonText: z.string() },
});

const dropReport = z.strictObject({
  ...{ queue: z.string(), dryRun: flag, count, unwanted: count, hidden: count.optional() },
  ...{ unread: flag, interrupted: flag },
});

/** What the verbs of `dlq` print. */
export const DEAD_LETTER_SHAPES = {
  'dlq list': z.array(
    z.strictObject({
      queue: z.string(),
      kind: z.enum(['consumer', 'acknowledger', 'pipe', 'sweeper']),
      ...{ waiting: count, underWay: count, reasons: counts.optional() },
    }),
  ),
  'dlq show': z.array(letter),
  'dlq redrive': z.strictObject({
    ...{ queue: z.string(), dryRun: flag, redriven: count, reasons: counts, unwanted: count, unreadable: count },
    ...{ encrypted: count.optional(), kept: count.optional(), returned: count, hidden: count.optional() },
    ...{ unread: flag, interrupted: z.strictObject({ givenBack: count }).optional() },
    ...{ filter: filter.optional(), by: z.string(), at: time },
  }),
  'dlq drop': z.union([dropped, dropReport]),
};
