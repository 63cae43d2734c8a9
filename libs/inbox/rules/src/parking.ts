import type { Delivery } from './message';
import type { Pending } from './pending';

/** First wait of a parked message, in seconds; it doubles per delivery. */
export const PARK_BASE_SECONDS = 1;

/** Longest wait of a parked message, in seconds. */
export const PARK_CAP_SECONDS = 300;

/** How long a message waits for its predecessor before the consumer asks what is known of it, in seconds. */
export const ASK_AFTER_SECONDS = 300;

/** How long a message waits for a predecessor that is in trouble: three days, since a queue keeps messages for four. */
export const HOLD_SECONDS = 259_200;

/** Longest wait of a message that is held, in seconds. */
export const HOLD_CAP_SECONDS = 3_600;

/**
 * Longest wait, in seconds, of a message whose predecessor will be published at some time: an eighth of what it has
 * waited so far, so that it comes soon after a short outage, and few times in a long one. After the park budget, three
 * days are at most `MAX_HOLD_RECEIVES` receives.
 */
export function slowCapSeconds(delivery: Delivery): number {
  return Math.min(HOLD_CAP_SECONDS, Math.max(PARK_CAP_SECONDS, Math.floor(eighthOfAge(delivery))));
}

/**
 * A consumer that hasn't looked at a subject for longer than this, in seconds, while a message of it was parked, could not
 * work: an hour, or twice as long as such a message waits at the most.
 */
export function standstillSeconds(delivery: Delivery): number {
  return Math.max(HOLD_CAP_SECONDS, 2 * slowCapSeconds(delivery));
}

/** In seconds. */
function eighthOfAge({ now, firstReceivedAt }: Delivery): number {
  return (now - firstReceivedAt) / 8_000;
}

/** Receives of a message that is held for three days; modules/consumer has the queue's back-stop allow for it. */
export const MAX_HOLD_RECEIVES = 200;

/** As long as a message was received no oftener, it is looked at soon after its subject moved on: */
const SOON_RECEIVES = 80;

/** … after so many seconds at the latest. */
const SOON_CAP_SECONDS = 5;

/**
 * Longest wait, in seconds, of a message behind an event that was begun and isn't completed. Behind a call under way it is
 * seconds; behind one that failed, a quarter of the time since its first attempt. What was received often waits at least an
 * eighth of its age, as after a move.
 */
export function pendingCapSeconds(
  { status, leaseUntil = 0, firstAttemptAt }: Pick<Pending, 'status' | 'leaseUntil' | 'firstAttemptAt'>,
  delivery: Delivery,
): number {
  const { now, receives } = delivery;
  const isUnderWay = status === 'claimed' && leaseUntil > now;
  const troubledSeconds = isUnderWay ? 0 : (now - firstAttemptAt) / 4_000;
  const patientSeconds = receives > SOON_RECEIVES ? eighthOfAge(delivery) : 0;
  return Math.min(HOLD_CAP_SECONDS, Math.ceil(Math.max(SOON_CAP_SECONDS, troubledSeconds, patientSeconds)));
}

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

/**
 * As `parkSeconds` with a budget that counts from `begun`, of a message behind a subject that moved on at `movedAt`: what it
 * waits for may be done next, so it waits for seconds; else the versions of a burst would wait for minutes, one behind the
 * other. What was received often waits as long as the move is ago, and at least an eighth of its age, so that the looks of
 * three days stay fewer than `MAX_HOLD_RECEIVES`.
 */
export function soonSeconds(
  delivery: Delivery,
  movedAt: number,
  begun: number,
  budgetSeconds: number,
): number | undefined {
  const { now, receives } = delivery;
  const sinceMove = (now - movedAt) / 1_000;
  const wait =
    receives > SOON_RECEIVES ? Math.max(sinceMove, eighthOfAge(delivery)) : Math.min(sinceMove, SOON_CAP_SECONDS);
  const capSeconds = Math.max(PARK_BASE_SECONDS, Math.min(Math.ceil(wait), slowCapSeconds(delivery)));
  return parkSeconds({ ...delivery, firstReceivedAt: begun }, budgetSeconds, capSeconds);
}
