import * as z from 'zod/mini';
import { orderSnapshotV1 } from './order-snapshot.v1';

/** An order changed: its state, its items, or both. */
export const orderUpdatedV1 = z.extend(orderSnapshotV1, {
  /** Names of the order's fields that this change set. */
  changed: z.array(z.string()),
});

export type OrderUpdatedV1 = z.infer<typeof orderUpdatedV1>;
