import { isPutOff } from './claim';
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
 * The keys that a run with this budget takes, in the order to publish in. Where more are due, a quarter of the budget is
 * for events that were put off (`isPutOff`), the rest for the others, and what one of them leaves the other gets: however
 * many events a bus refuses again and again, those that it would take don't wait behind them, and enough of them are
 * published for the next budget to be larger (`usedBudget`).
 */
export function sweepChoice(keys: readonly UnpublishedKey[], budget: number): UnpublishedKey[] {
  const ordered = sweepOrder(keys);
  if (ordered.length <= budget) return ordered;
  const again = ordered.filter(isPutOff);
  const others = ordered.filter((key) => !isPutOff(key));
  const share = Math.min(again.length, Math.max(Math.floor(budget / 4), budget - others.length));
  return sweepOrder([...others.slice(0, budget - share), ...again.slice(0, share)]);
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
