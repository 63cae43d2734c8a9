import type { AggregateId } from '../aggregate-id';

/**
 * What can be wrong between the outbox and a consumer:
 * - `late`: still unpublished although it was due; between the sweeper's attempts too
 * - `failed`: given up by the sweeper, see `outboxctl failed list`
 * - `lost`: published (or its outbox item is missing), a subscribed consumer has not done it, and nothing says that it
 *   still will
 * - `queued`: published and past its time, and the consumer still has it: it has begun it, or its queue is that far behind
 * - `held`: set aside by the consumer as a dead letter, or in order behind one, or behind an event that isn't published
 *   or got lost
 * - `duplicated`: one event with two effects, or one sequence number with two events
 * - `out-of-order`: an in-order consumer applied an event before an earlier one
 * - `orphaned`: an event beyond the head of its aggregate, or an effect of an event that was never committed
 * - `corrupt`: an item that can't be read; the rest of its aggregate is compared without it
 */
export type FindingKind =
  'late' | 'failed' | 'lost' | 'queued' | 'held' | 'duplicated' | 'out-of-order' | 'orphaned' | 'corrupt';

export const FINDING_KINDS: readonly FindingKind[] = [
  'lost',
  'queued',
  'held',
  'late',
  'duplicated',
  'out-of-order',
  'orphaned',
  'failed',
  'corrupt',
];

export interface Finding extends AggregateId {
  readonly kind: FindingKind;
  /** Of the event; absent when the finding is about the aggregate as a whole. */
  readonly sequence?: number;
  readonly eventId?: string;
  /** Of the event and ISO-8601, where the outbox still has it. */
  readonly type?: string;
  readonly committedAt?: string;
  /** Where the event is gone: it was not committed before that, as far as is known; ISO-8601. */
  readonly notBefore?: string;
  readonly consumer?: string;
  readonly detail: string;
  /** It, or the event that it waits behind, is a dead letter of the consumer. */
  readonly setAside?: true;
  /** Late, and the bus didn't take it at the sweeper's last attempt: `detail` says why. */
  readonly refused?: true;
  /** It was committed before its consumer was added, and that wasn't told yet where it begins. */
  readonly notBegun?: true;
  /** Waits in order behind an event that the consumer hasn't got, if it isn't lost as well: publishing it again does no harm. */
  readonly mayBeLost?: boolean;
  /** Why `--repair` leaves it alone: consumers that could do the event a second time. */
  readonly couldRepeat?: readonly string[];
}

/** Whether nothing is wrong. */
export function isClean(counts: Readonly<Record<FindingKind, number>>): boolean {
  return FINDING_KINDS.every((kind) => counts[kind] === 0);
}
