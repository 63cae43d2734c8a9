import type { AggregateType, EventDraft, EventEnvelope } from '@outbox/outbox-envelope';

/** What happened to one aggregate, told by one or several events. */
export interface Change {
  readonly aggregate: AggregateType;
  readonly id: string;
  /** The sequence of the aggregate's last event as far as the writer knows; 0 for a new aggregate. */
  readonly after: number;
  readonly events: readonly EventDraft[];
}

/** What caused a change. */
export interface CommitContext {
  /** W3C trace context of the request. */
  readonly traceparent?: string;
  /** Counts with `traceparent` only. */
  readonly tracestate?: string;
  readonly correlationId?: string;
  /** Whom the aggregate belongs to, opaque. */
  readonly owner?: string;
  /** The event that a consumer is handling: trace, correlation and owner are taken from it unless they are given. */
  readonly causation?: EventEnvelope;
}

/** Why a change can't be committed, however often it is tried. */
export interface RefusedChange {
  readonly kind: 'refused';
  readonly reason:
    'no-events' | 'unknown-event' | 'invalid-data' | 'invalid-id' | 'unsendable' | 'too-large' | 'too-many-hops';
  /** What is wrong, in one sentence that names the place. */
  readonly detail: string;
}
