import * as z from 'zod';

/** Parts that the shapes of several verbs have. */

export const time = z.iso.datetime().describe('ISO 8601');
export const count = z.number().int().min(0);
export const flag = z.literal(true).optional();
export const counts = z.record(z.string(), count);
/** An aggregate by its type and its id. */
export const aggregateId = { aggregate: z.string(), id: z.string() };
export const sequence = z.number().int().min(1);

export const deadEvent = z.strictObject({ ...aggregateId, eventId: z.string(), type: z.string(), sequence });

const begun = z.strictObject({
  status: z.enum(['claimed', 'retrying', 'dead-lettered']),
  attempts: count,
  firstAttemptAt: time,
  leaseUntil: time.optional(),
  lastError: z.string().optional(),
  reason: z.string().optional(),
});

const hop = z.strictObject({
  consumer: z.string(),
  policy: z.enum(['once', 'in-order', 'latest']),
  state: z.enum(['done', 'superseded', 'skipped', 'pending', 'not-subscribed']),
  queuedAt: z.string().optional(),
  appliedAt: z.string().optional(),
  receives: count.optional(),
  attempts: count.optional(),
  begun: begun.optional(),
});

export const tracedEvent = z.strictObject({
  sequence,
  id: z.string(),
  type: z.string(),
  committedAt: z.string(),
  attempts: count,
  relayedAt: z.string().optional(),
  busAt: z.string().optional(),
  publishedAt: z.string().optional(),
  failure: z.string().optional(),
  erasedAt: z.string().optional(),
  consumers: z.array(hop),
});

const milliseconds = z.strictObject({ p50: z.number(), p99: z.number() });

/** What a stage of `lag` and of `status` has. */
export const stageFigures = {
  waiting: count.optional(),
  underWay: count.optional(),
  oldestSeconds: z.number().nullable().optional().describe('null: something waits, and there is no figure yet'),
  lagMs: milliseconds.nullable().optional().describe('since the commit; null: nothing came through lately'),
  deadLetters: count.optional(),
};

export const load = z.strictObject({
  eventsPerSecond: z.number(),
  basis: z.enum(['asked', 'measured']),
  how: z.string(),
});

export const replay = {
  name: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  from: z.string(),
  to: z.string(),
  lastReplayed: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
};
