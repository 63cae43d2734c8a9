import * as z from 'zod';
import { FINDING_KINDS } from '../reconcile/finding';
import { aggregateId, count, flag, sequence } from './parts';

const kind = z.enum(FINDING_KINDS);

const finding = z.strictObject({
  ...{ kind, ...aggregateId, sequence: sequence.optional(), eventId: z.string().optional() },
  ...{ type: z.string().optional(), committedAt: z.string().optional(), notBefore: z.string().optional() },
  ...{ consumer: z.string().optional() },
  ...{ detail: z.string(), couldRepeat: z.array(z.string()).optional(), mayBeLost: z.boolean().optional() },
  ...{ setAside: flag, notBegun: flag },
});

/** A line per finding, and the report as the last line. */
export const RECONCILE_SHAPES = {
  reconcile: z.union([
    finding,
    z.strictObject({
      ...{ aggregates: count, skipped: count, events: count, findings: z.record(kind, count) },
      groups: z.array(z.strictObject({ kind, consumer: z.string().optional(), count })),
      read: z.strictObject({ items: count, capacityUnits: z.number() }),
      ...{ repaired: count.optional(), withheld: count.optional(), interrupted: flag },
    }),
  ]),
};
