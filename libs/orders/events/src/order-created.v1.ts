import * as z from 'zod/mini';
import { envelopeSchema } from '@outbox/outbox-envelope';
import { orderSnapshotV1 } from './order-snapshot.v1';

export const ORDER_CREATED_V1 = 'urn:outbox:event:OrderCreated:v1';

/** An order was placed. */
export const orderCreatedV1 = z.extend(envelopeSchema, {
  type: z.literal('OrderCreated'),
  dataschema: z.literal(ORDER_CREATED_V1),
  data: orderSnapshotV1,
});

export type OrderCreatedV1 = z.infer<typeof orderCreatedV1>;
