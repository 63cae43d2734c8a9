import * as z from 'zod/mini';

/** The words an order's state is told in. */
export const ORDER_STATUSES = ['PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;

/** A decimal as text, with exactly the currency's decimals. */
const decimal = z.string().check(z.regex(/^\d+(\.\d+)?$/, 'is not a decimal'));

const nonEmpty = z.string().check(z.minLength(1));

/** ISO-8601 in UTC; milliseconds as we write it, anything `Date` reads as we take it. */
const time = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time'));

/** The whole order after a change: event-carried state transfer, and the body of every answer of the API. */
export const orderSnapshotV1 = z.object({
  orderId: nonEmpty,
  customerId: nonEmpty,
  status: z.enum(ORDER_STATUSES),
  /** ISO 4217. */
  currency: z.string(),
  items: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: decimal })),
  total: decimal,
  version: z.int(),
  placedAt: time,
  updatedAt: time,
});

export type OrderSnapshotV1 = z.infer<typeof orderSnapshotV1>;
