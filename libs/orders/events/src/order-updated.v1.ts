import * as z from 'zod/mini';
import { envelopeSchema } from '@outbox/outbox-envelope';
import { orderSnapshotV1 } from './order-snapshot.v1';

export const ORDER_UPDATED_V1 = 'urn:outbox:event:OrderUpdated:v1';

/** An order changed: its state, its items, or both. */
export const orderUpdatedV1 = z.extend(envelopeSchema, {
  type: z.literal('OrderUpdated'),
  dataschema: z.literal(ORDER_UPDATED_V1),
  data: z.extend(orderSnapshotV1, {
    /** Names of the order's fields that this change set. */
    changed: z.array(z.string()),
  }),
});

export type OrderUpdatedV1 = z.infer<typeof orderUpdatedV1>;
