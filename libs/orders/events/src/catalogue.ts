import type * as z from 'zod/mini';
import { ORDER_CREATED_V1, orderCreatedV1, type OrderCreatedV1 } from './order-created.v1';
import { ORDER_UPDATED_V1, orderUpdatedV1, type OrderUpdatedV1 } from './order-updated.v1';

export type OrderEvent = OrderCreatedV1 | OrderUpdatedV1;

/**
 * Every event of this project: type → `dataschema` → schema. A new version is a new file and a new entry; a released
 * schema is never edited.
 */
export const CATALOGUE: Readonly<Record<string, Readonly<Record<string, z.ZodMiniType<OrderEvent>>>>> = {
  OrderCreated: { [ORDER_CREATED_V1]: orderCreatedV1 },
  OrderUpdated: { [ORDER_UPDATED_V1]: orderUpdatedV1 },
};
