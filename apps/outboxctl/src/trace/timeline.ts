import type { StoredRecord, SubjectState } from '@outbox/inbox-dynamodb';
import { versionOf } from '@outbox/outbox-rules';
import type { OutboxSummary } from '@outbox/outbox-dynamodb';
import type { ConsumerOutput } from '../stack';
import type { OrderState } from '../tables';

/**
 * Where an event stands with one consumer. `superseded`: a `latest` consumer had a newer version already.
 */
export type ConsumerState = 'done' | 'superseded' | 'pending' | 'not-subscribed';

export interface ConsumerHop {
  readonly consumer: string;
  readonly policy: ConsumerOutput['policy'];
  readonly state: ConsumerState;
  readonly queuedAt?: string;
  readonly appliedAt?: string;
  readonly receives?: number;
}

export interface EventTimeline {
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly committedAt: string;
  readonly relayedAt?: string;
  /** EventBridge keeps whole seconds only. */
  readonly busAt?: string;
  readonly publishedAt?: string;
  readonly attempts: number;
  readonly failure?: string;
  readonly consumers: readonly ConsumerHop[];
}

export interface Trace {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly events: readonly EventTimeline[];
  /** Every event done (or rightly superseded) by every subscribed consumer. */
  readonly complete: boolean;
}

/** A consumer, and what it holds of one aggregate. */
export interface ConsumerSubject {
  readonly name: string;
  readonly output: ConsumerOutput;
  readonly subject: SubjectState;
}

/**
 * Joins what the outbox's table and the consumers' own tables hold about one aggregate, with no logs involved.
 */
export function buildTrace(
  id: string,
  { order, events: committed }: OrderState,
  consumers: readonly ConsumerSubject[],
): Trace {
  const events = committed.map((event) => timelineOf(event, consumers));
  return {
    id,
    status: order?.status ?? 'unknown',
    version: order?.version ?? 0,
    events,
    complete: events.length > 0 && events.every((event) => event.consumers.every((hop) => hop.state !== 'pending')),
  };
}

function timelineOf(event: OutboxSummary, consumers: readonly ConsumerSubject[]): EventTimeline {
  const { id, type, committedAt, attempts, publishedAt, failure } = event;
  const version = versionOf(event);
  const hops = consumers.map((consumer) => hopOf(id, type, version, consumer));
  const record = hops.find((hop) => hop.record !== undefined)?.record;
  return {
    version,
    id,
    type,
    committedAt,
    attempts,
    relayedAt: record?.relayedAt,
    busAt: record?.busAt,
    publishedAt,
    failure,
    consumers: hops.map((hop) => hop.hop),
  };
}

function hopOf(
  id: string,
  type: string,
  version: number,
  { name, output, subject }: ConsumerSubject,
): { hop: ConsumerHop; record?: StoredRecord } {
  const base = { consumer: name, policy: output.policy };
  const types = output.event_types;
  if (types && !types.includes(type)) return { hop: { ...base, state: 'not-subscribed' } };
  const record = subject.records.find(({ eventId }) => eventId === id);
  if (record) {
    const { queuedAt, appliedAt, receives } = record;
    return { record, hop: { ...base, state: 'done', queuedAt, appliedAt, receives } };
  }
  const isSuperseded = output.policy === 'latest' && (subject.head?.lastVersion ?? 0) > version;
  return { hop: { ...base, state: isSuperseded ? 'superseded' : 'pending' } };
}
