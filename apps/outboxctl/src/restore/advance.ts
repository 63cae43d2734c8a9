import { absentOf, bySequence } from '../reconcile/absent';
import type { AggregateState, ConsumerSubject } from '../tables';

/** How far an aggregate's head has to go so that no number is given out again. */
export interface Advance {
  /** Where the head stands; 0: there is none. */
  readonly from: number;
  /** The highest number that anybody knows. */
  readonly to: number;
  /** Who knows it: a consumer, or `outbox` for an event beyond the head. */
  readonly knownBy: string;
  /** Numbers up to `to` that have no event any more. */
  readonly gone: readonly number[];
  /** The head is moved past the numbers after this one. */
  readonly passedFrom: number;
}

/**
 * What a restore left behind: a head before numbers that consumers or events bear, or numbers before it that have no
 * event. Undefined: the aggregate is whole. Pure.
 */
export function advanceOf(
  { head, events, passedOver }: AggregateState,
  consumers: readonly ConsumerSubject[],
): Advance | undefined {
  const from = head?.lastSequence ?? 0;
  const outbox = bySequence(events);
  const known = [
    ...[...outbox.keys()].map((sequence) => ({ sequence, knownBy: 'outbox' })),
    ...consumers.map(({ name, subject }) => ({ sequence: newestOf(subject), knownBy: name })),
  ];
  const highest = known.reduce((a, b) => (b.sequence > a.sequence ? b : a), { sequence: from, knownBy: 'outbox' });
  const { lost } = absentOf(from, outbox, passedOver);
  const beyond = range(from + 1, highest.sequence).filter((sequence) => !outbox.has(sequence));
  const gone = [...lost, ...beyond];
  if (gone.length === 0 && highest.sequence === from) return undefined;
  const passedFrom = Math.min(from, ...gone.map((sequence) => sequence - 1));
  return { from, to: highest.sequence, knownBy: highest.knownBy, gone, passedFrom };
}

function newestOf({ head, records, pending }: ConsumerSubject['subject']): number {
  return Math.max(0, head?.lastVersion ?? 0, ...[...records, ...pending].map(({ version }) => version));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
