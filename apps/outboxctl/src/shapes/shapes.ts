import { GUARANTEES } from '@outbox/prices';
import * as z from 'zod';
import { DEAD_LETTER_SHAPES } from './dead-letters';
import { aggregateId, count, counts, flag, load, replay, sequence, stageFigures, time, tracedEvent } from './parts';
import { RECONCILE_SHAPES } from './reconcile';

const stage = z.strictObject({
  name: z.string(),
  kind: z.enum(['outbox', 'relay', 'consumer', 'acknowledger']),
  condition: z.enum(['running', 'waiting', 'behind', 'failing', 'stopped']),
  says: z.array(z.string()),
  ...stageFigures,
  perMinute: z.array(z.number()).optional(),
  failed: count.optional(),
  paused: z.boolean().optional(),
});

const alarm = z.strictObject({
  name: z.string(),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  since: time.optional(),
  description: z.string(),
  runbook: z.string().optional(),
});

const failed = z.strictObject({
  ...aggregateId,
  sequence,
  eventId: z.string().optional(),
  type: z.string().optional(),
  committedAt: time.optional(),
  attempts: count.optional(),
  erasedAt: time.optional(),
  failedAt: time,
  failure: z.string(),
});

const place = z.strictObject({ ...aggregateId, sequence });
const switched = z.strictObject({ stage: z.string(), state: z.string() });

const moved = z.enum(['moved', 'would-move', 'moved-meanwhile']);
const unreadable = z.strictObject({ ...aggregateId, result: z.literal('unreadable'), detail: z.string() });
const restored = z.strictObject({
  ...{ aggregates: count, moved: count, 'would-move': count, 'moved-meanwhile': count, unreadable: count },
  interrupted: flag,
});
const movedHead = z.strictObject({
  ...aggregateId,
  ...{ from: count, to: count, knownBy: z.string(), gone: z.array(count), passedFrom: count, result: moved },
});
const step = z.strictObject({ ...aggregateId, consumer: z.string(), from: count, to: count, result: moved });

const limit = z.strictObject({
  ...{ part: z.string(), needed: z.number(), limit: z.number(), unit: z.string(), because: z.string() },
  ...{ source: z.string(), lever: z.string(), grows: flag, percent: z.number(), eventsPerSecondAtMost: z.number() },
});

/** What each verb prints under `--json`: the shape of a line, by the verb's words. A verb may print several. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  ...DEAD_LETTER_SHAPES,
  ...RECONCILE_SHAPES,
  status: z.strictObject({ at: time, objectiveSeconds: z.number(), stages: z.array(stage), alarms: z.array(alarm) }),
  stuck: z.array(
    z.strictObject({
      kind: z.enum(['failed', 'held', 'gap', 'retrying', 'claimed', 'dead', 'corrupt']),
      ...aggregateId,
      ...{ consumer: z.string().optional(), sequence: sequence.optional(), type: z.string().optional() },
      ...{ since: time.optional(), attempts: count.optional(), why: z.string().optional() },
    }),
  ),
  trace: z.strictObject({
    ...aggregateId,
    lastSequence: count,
    complete: z.boolean(),
    events: z.array(tracedEvent),
  }),
  lag: z.strictObject({
    at: time,
    objectiveSeconds: z.number(),
    stages: z.array(z.strictObject({ stage: z.string(), ...stageFigures })),
    behind: z.array(z.string()),
  }),
  tail: z.strictObject({
    ...aggregateId,
    ...{ sequence, eventId: z.string(), type: z.string(), committedAt: time, detail: z.unknown() },
  }),
  'failed list': z.array(failed),
  'failed retry': z.strictObject({
    retried: z.array(place),
    left: z.array(place).optional(),
    erased: count.optional(),
    interrupted: flag,
  }),
  sweep: z.record(z.string(), z.unknown()).describe('the sweeper’s own report'),
  replay: z.union([
    z.strictObject({ ...replay, consumers: z.array(z.string()) }),
    z.strictObject({
      ...{ consumer: z.string(), dryRun: flag, sent: count, withheld: count, unreadable: count, interrupted: flag },
      tooLarge: count.optional(),
    }),
  ]),
  'replay list': z.array(z.strictObject(replay)),
  'replay cancel': z.strictObject({ name: z.string(), state: z.string() }),
  join: z.strictObject({
    ...{ consumer: z.string(), from: z.enum(['now', 'beginning']), at: time, dryRun: flag, interrupted: flag },
    ...{ seeded: count.optional(), known: count.optional(), aggregates: count.optional() },
    replay: z.strictObject(replay).optional(),
  }),
  'restore heads': z.union([movedHead, unreadable, restored]),
  'restore consumers': z.union([step, restored]),
  skip: z.strictObject({
    ...{
      consumer: z.string(),
      ...aggregateId,
      from: count,
      to: sequence,
      reason: z.string(),
      by: z.string(),
      at: time,
    },
  }),
  erase: z.strictObject({
    ...aggregateId,
    ...{ dryRun: z.boolean(), by: z.string(), at: time, reason: z.string().optional() },
    erased: z.strictObject({
      ...{ events: count, before: count, owner: z.boolean(), requests: z.boolean(), records: counts },
      ...{ changed: z.array(z.string()), interrupted: flag },
    }),
    unfinished: z.array(z.strictObject({ sequence, consumer: z.string() })),
    deadLetters: z.array(z.strictObject({ queue: z.string(), messages: count, until: time })),
    others: z.array(z.strictObject(aggregateId)),
    stays: z.array(z.strictObject({ place: z.string(), what: z.string(), until: time.optional() })),
  }),
  pause: switched,
  resume: switched,
  cost: z.strictObject({
    load,
    ...{ eventsPerMonth: count, consumers: count, usd: z.number(), idleUsd: z.number() },
    usdPerMillionEvents: z.number(),
    perMillionEvents: z.array(
      z.strictObject({
        ...{ batch: count, usd: z.number(), plainUsd: z.number() },
        guarantees: z.array(z.strictObject({ guarantee: z.enum(GUARANTEES), usd: z.number() })),
      }),
    ),
    pricesAsOf: z.strictObject({ region: z.string(), date: z.string() }),
    parts: z.array(z.strictObject({ part: z.string(), usd: z.number(), idleUsd: z.number() })),
  }),
  capacity: z.strictObject({
    load,
    limits: z.array(limit),
    binding: z.strictObject({ part: z.string(), eventsPerSecond: z.number(), lever: z.string() }),
    fits: z.boolean(),
  }),
};

/** What any verb that fails prints on standard error under `--json`. */
export const ERROR_SHAPE = z.strictObject({
  error: z.strictObject({
    message: z.string().describe('what failed'),
    cause: z.string().optional().describe('why'),
    hint: z.string().optional().describe('what to do'),
  }),
});
