import { isUnpublished } from './acknowledge';
import type { StoredOutboxItem } from './outbox-item';

/** Times the sweeper publishes an event before it gives up. */
export const MAX_ATTEMPTS = 10;

/** Longest time between two attempts: 6 h. */
export const MAX_BACK_OFF_MS = 6 * 3_600_000;

export interface ClaimPolicy {
  /** So long after its commit an unpublished event is due; attempts come after twice that, four times that … */
  readonly thresholdMs: number;
}

/** `publish`: written before the event is published. `give-up`: the item leaves the index, visible as failed. */
export type Claim =
  | { readonly kind: 'publish'; readonly attempts: number; readonly dueAt: string }
  | { readonly kind: 'give-up'; readonly failedAt: string; readonly failure: string };

/** What an item whose claim is released is set to. */
export interface Release {
  readonly attempts: number;
  readonly dueAt: string;
}

/**
 * What the sweeper does with a due item at `now` (epoch milliseconds). A claim moves the item back in the index before
 * it is published, so that one that can't be published doesn't starve the others, and two sweepers don't both take it.
 */
export function claim(item: StoredOutboxItem, now: number, { thresholdMs }: ClaimPolicy): Claim {
  if (item.attempts >= MAX_ATTEMPTS) {
    return { kind: 'give-up', failedAt: new Date(now).toISOString(), failure: failureOf(item) };
  }
  const attempts = item.attempts + 1;
  const backOffMs = Math.min(thresholdMs * 2 ** attempts, MAX_BACK_OFF_MS);
  return { kind: 'publish', attempts, dueAt: new Date(now + backOffMs).toISOString() };
}

/**
 * What a claim becomes when the bus took nothing at all: the attempt doesn't count, and the event is due again after the
 * threshold. An outage of hours would otherwise use up the attempts of events that nothing is wrong with.
 * @param attempts the attempt that was claimed, from 1
 */
export function release(attempts: number, now: number, { thresholdMs }: ClaimPolicy): Release {
  return { attempts: attempts - 1, dueAt: new Date(now + thresholdMs).toISOString() };
}

/** Whether an item as it was read is for the sweeper at `now` (epoch milliseconds). */
export function isDue(item: StoredOutboxItem, now: number): boolean {
  return isUnpublished(item, item.id) && item.dueAt !== undefined && Date.parse(item.dueAt) <= now;
}

/** Whether a claim made on `seen` may be written: nobody acknowledged or claimed the item meanwhile. */
export function isStillAs(item: StoredOutboxItem | undefined, seen: StoredOutboxItem): item is StoredOutboxItem {
  return isUnpublished(item, seen.id) && item.attempts === seen.attempts && item.dueAt === seen.dueAt;
}

function failureOf({ lastError, attempts }: StoredOutboxItem): string {
  return lastError === undefined
    ? `published ${attempts} times, never acknowledged`
    : `refused at attempt ${attempts}: ${lastError}`;
}
