import type { OutboxItem } from './outbox-item';
import type { UnpublishedKey } from './sweep-order';

/**
 * Milliseconds since the oldest commit among what is unpublished; 0 when nothing is. `items` were read and tell it
 * exactly; of the rest of the index only the key is known: until its first claim an event is due `thresholdMs` after its
 * commit, later it is older than that says.
 */
export function oldestUnpublishedAge(
  now: number,
  thresholdMs: number,
  keys: readonly Pick<UnpublishedKey, 'dueAt'>[],
  items: readonly Pick<OutboxItem, 'committedAt'>[],
): number {
  const commits = [
    ...keys.map(({ dueAt }) => Date.parse(dueAt) - thresholdMs),
    ...items.map(({ committedAt }) => Date.parse(committedAt)),
  ];
  return commits.reduce((oldest, committedAt) => Math.max(oldest, now - committedAt), 0);
}

/** Keys that were certainly claimed before: due later than any event that was just committed could be. */
export function backingOff<T extends Pick<UnpublishedKey, 'dueAt'>>(
  now: number,
  thresholdMs: number,
  keys: readonly T[],
): T[] {
  return keys.filter(({ dueAt }) => Date.parse(dueAt) > now + thresholdMs);
}
