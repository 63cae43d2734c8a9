import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { AggregateType, EventDraft, EventEnvelope } from '@outbox/outbox-envelope';

/** Events to be committed for one aggregate. */
export interface Change {
  readonly aggregate: AggregateType;
  readonly id: string;
  /** The aggregate's last sequence as it is known; 0 for a new one. */
  readonly after: number;
  readonly events: readonly EventDraft[];
}

/** The outbox's share in a transaction. */
export interface OutboxPart {
  readonly kind: 'part';
  readonly items: readonly TransactWriteItem[];
  /** `reasons`: the cancellation reasons of exactly these items, in order; undefined: none of them is to blame. */
  outcomeOf(
    reasons: readonly CancellationReason[],
  ):
    | { readonly kind: 'conflict'; readonly aggregateType: string; readonly id: string; readonly lastSequence: number }
    | { readonly kind: 'committed' }
    | undefined;
}

/** What can never be committed. */
export interface OutboxRefusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly detail: string;
}

/** The outbox as a consumer that emits events sees it. */
export interface OutboxPort {
  transactItems(input: {
    readonly changes: readonly Change[];
    /** The event that a consumer is handling: trace, correlation and owner are taken from it. */
    readonly context?: { readonly causation?: EventEnvelope };
    /** The id of each event, counted over all changes. */
    readonly eventId?: (index: number) => string;
  }): OutboxPart | OutboxRefusal;
}
