import type { OutboxSummary, PassedOver } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';

/** An aggregate's events by their sequence numbers. */
export function bySequence(events: readonly OutboxSummary[]): ReadonlyMap<number, OutboxSummary> {
  return new Map(events.map((item) => [sequenceOf(item), item]));
}

/** The sequence numbers of an aggregate that the outbox has no event for. */
export interface Absent {
  /** Retention did not take these: nothing after an event that still waits for its own is past it. */
  readonly lost: readonly number[];
  /** Those that retention took, rising. */
  readonly expired: readonly number[];
}

/**
 * Sequence numbers have no holes: one among the outbox items is a lost event, unless retention made it, or the head was
 * moved past it after a restore.
 */
export function absentOf(
  lastSequence: number,
  outbox: ReadonlyMap<number, OutboxSummary>,
  passedOver: readonly PassedOver[],
): Absent {
  const lost: number[] = [];
  const expired: number[] = [];
  let expiring = true;
  for (let sequence = 1; sequence <= lastSequence; sequence++) {
    const item = outbox.get(sequence);
    // What the sweeper gave up stays for ever, so that it says nothing about those after it.
    if (item) expiring = item.expiresAt !== undefined || item.failedAt !== undefined;
    else if (isPassed(sequence, passedOver)) continue;
    else if (expiring) expired.push(sequence);
    else lost.push(sequence);
  }
  return { lost, expired };
}

/** The last of the numbers right after `last` that a head was moved past and no event stands for; `last` if none is. */
export function lastPassedAfter(
  last: number,
  {
    outbox,
    passedOver,
  }: { readonly outbox: ReadonlyMap<number, OutboxSummary>; readonly passedOver: readonly PassedOver[] },
): number {
  let to = last;
  while (!outbox.has(to + 1) && isPassed(to + 1, passedOver)) to += 1;
  return to;
}

function isPassed(sequence: number, passedOver: readonly PassedOver[]): boolean {
  return passedOver.some(({ from, to }) => from < sequence && sequence <= to);
}
