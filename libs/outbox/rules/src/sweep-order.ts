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

/**
 * Splits keys into at most so many parts of about the same size, each in the order that they come in; the events of one
 * aggregate stay together, so that whoever works a part keeps them in sequence.
 */
export function splitByAggregate(keys: readonly UnpublishedKey[], parts: number): UnpublishedKey[][] {
  const split: UnpublishedKey[][] = Array.from({ length: parts }, () => []);
  const lanes = new Map<string, UnpublishedKey[]>();
  for (const key of keys) {
    const lane = lanes.get(key.pk) ?? split.reduce((least, part) => (part.length < least.length ? part : least));
    lanes.set(key.pk, lane);
    lane.push(key);
  }
  return split.filter((part) => part.length > 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
