import type { BegunView, ConsumerHopView, EventView } from '@outbox/console-api';
import type { StoredRecord, SubjectState } from '@outbox/inbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import type { AggregateId } from '../aggregate-id';
import { subscribes, type ConsumerOutput } from '../stack';
import { leavesAside, type AggregateState, type ConsumerSubject, type EventSummary } from '../tables';

type Pending = SubjectState['pending'][number];

/** Where an event stands with one consumer. */
export interface ConsumerHop extends ConsumerHopView {
  readonly policy: ConsumerOutput['policy'];
}

/** One event, hop by hop. */
export interface EventTimeline extends Omit<EventView, 'detail'> {
  /** When its content was erased; where it was and when stays. */
  readonly erasedAt?: string;
  readonly consumers: readonly ConsumerHop[];
}

export interface Trace extends AggregateId {
  /** Sequence of the aggregate's last event. */
  readonly lastSequence: number;
  readonly events: readonly EventTimeline[];
  /** Every event done (or rightly superseded) by every subscribed consumer. */
  readonly complete: boolean;
}

/**
 * Joins what the outbox's table and the consumers' own tables hold about one aggregate, with no logs involved.
 */
export function buildTrace(
  { aggregate, id }: AggregateId,
  { head, events: committed }: AggregateState,
  consumers: readonly ConsumerSubject[],
): Trace {
  const events = committed.map((event) => timelineOf(aggregate, event, consumers));
  return {
    aggregate,
    id,
    lastSequence: head?.lastSequence ?? 0,
    events,
    complete: events.length > 0 && events.every((event) => event.consumers.every((hop) => hop.state !== 'pending')),
  };
}

function timelineOf(aggregate: string, event: EventSummary, consumers: readonly ConsumerSubject[]): EventTimeline {
  const { id, type, committedAt, attempts, publishedAt, failure, erasedAt, traceId } = event;
  const sequence = sequenceOf(event);
  const hops = consumers.map((consumer) => hopOf(aggregate, { ...event, sequence }, consumer));
  const record = hops.find((hop) => hop.record !== undefined)?.record;
  return {
    sequence,
    id,
    type,
    ...(traceId === undefined ? {} : { traceId }),
    committedAt,
    attempts,
    relayedAt: record?.relayedAt,
    busAt: record?.busAt,
    publishedAt,
    failure,
    ...(erasedAt === undefined ? {} : { erasedAt }),
    consumers: hops.map((hop) => hop.hop),
  };
}

function hopOf(
  aggregate: string,
  event: EventSummary & { readonly sequence: number },
  consumer: ConsumerSubject,
): { hop: ConsumerHop; record?: StoredRecord } {
  const { id, type, sequence } = event;
  const { name, output, subject } = consumer;
  const base = { consumer: name, policy: output.policy };
  if (!subscribes(output, aggregate, type)) return { hop: { ...base, state: 'not-subscribed' } };
  const record = subject.records.find(({ eventId }) => eventId === id);
  if (record) {
    const { queuedAt, appliedAt, receives, attempts } = record;
    return { record, hop: { ...base, state: 'done', queuedAt, appliedAt, receives, attempts } };
  }
  const isSuperseded = output.policy === 'latest' && (subject.head?.lastVersion ?? 0) > sequence;
  if (isSuperseded) return { hop: { ...base, state: 'superseded' } };
  if (leavesAside(consumer, event)) return { hop: { ...base, state: 'skipped' } };
  const begun = subject.pending.find(({ eventId }) => eventId === id);
  return { hop: { ...base, state: 'pending', ...(begun ? { begun: begunOf(begun) } : {}) } };
}

function begunOf({ status, attempts, firstAttemptAt, leaseUntil, lastError, reason }: Pending): BegunView {
  return {
    status,
    attempts,
    firstAttemptAt: new Date(firstAttemptAt).toISOString(),
    ...(leaseUntil === undefined ? {} : { leaseUntil: new Date(leaseUntil).toISOString() }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(reason === undefined ? {} : { reason }),
  };
}
