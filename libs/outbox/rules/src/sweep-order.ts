import { sequenceOf, type ItemKey } from './outbox-item';

/** An entry of the index `unpublished`. */
export interface UnpublishedKey extends ItemKey {
  /** ISO-8601 with milliseconds, so that texts sort as times. */
  readonly dueAt: string;
}

/**
 * The order to publish in: what is due first comes first, but of one aggregate the sequence numbers ascend: its events share
 * the places that they have together.
 */
export function sweepOrder(keys: readonly UnpublishedKey[]): UnpublishedKey[] {
  const byDue = [...keys].sort((a, b) => compare(a.dueAt, b.dueAt) || compare(a.pk, b.pk));
  const lanes = new Map<string, UnpublishedKey[]>();
  for (const key of byDue) {
    const lane = lanes.get(key.pk);
    if (lane) lane.push(key);
    else lanes.set(key.pk, [key]);
  }
  for (const lane of lanes.values()) lane.sort((a, b) => sequenceOf(a) - sequenceOf(b));
  return byDue.flatMap(({ pk }) => lanes.get(pk)?.shift() ?? []);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
