import type { Delivery } from './message';

/** First wait of a parked message, in seconds; it doubles per delivery. */
export const PARK_BASE_SECONDS = 1;

/** Longest wait of a parked message, in seconds. */
export const PARK_CAP_SECONDS = 300;

/** How long a message waits for a predecessor that is in trouble: three days, since a queue keeps messages for four. */
export const HOLD_SECONDS = 259_200;

/**
 * Longest wait of a message that is held, in seconds. With 1, 2, 4 … 2,048 s before it, three days are 83 receives, which
 * a queue that gives up after a hundred outlives.
 */
export const HOLD_CAP_SECONDS = 3_600;

/**
 * Seconds until a parked message is looked at again: 1, 2, 4 … up to the cap, cut so that the last look falls on the end
 * of the budget; undefined once the budget is used up.
 */
export function parkSeconds(
  delivery: Delivery,
  budgetSeconds: number,
  capSeconds = PARK_CAP_SECONDS,
): number | undefined {
  const leftMs = delivery.firstReceivedAt + budgetSeconds * 1_000 - delivery.now;
  if (leftMs <= 0) return undefined;
  const doublings = Math.max(0, delivery.receives - 1);
  const backOff = Math.min(capSeconds, PARK_BASE_SECONDS * 2 ** doublings);
  return Math.min(backOff, Math.ceil(leftMs / 1_000));
}
