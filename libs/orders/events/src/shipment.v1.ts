import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/** A booking at the carrier. */
export const shipmentBookingV1 = z.object({
  orderId: nonEmpty,
  /** What the carrier calls it. */
  bookingId: nonEmpty,
});

/** Why an order can't be shipped, in the carrier's words. */
export const shipmentRefusedV1 = z.object({ orderId: nonEmpty, reason: nonEmpty });
