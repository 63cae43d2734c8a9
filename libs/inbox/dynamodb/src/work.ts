import type { Logger, TraceContext } from '@outbox/function-kit';
import type { PlainWrite } from '@outbox/outbox-dynamodb';
import type { AggregateType } from '@outbox/outbox-envelope';
import type { Change } from '@outbox/outbox-rules';
import type { ConsumedEvent } from './event';
import type { EffectFields } from './inbox-item';

/** What completes an event, all of it in one transaction. */
export interface Completion {
  /** Fields that are kept with the record of the event. */
  readonly record?: EffectFields;
  /** Writes to any tables. A condition that fails has `complete` run again. */
  readonly write?: readonly PlainWrite[];
  /** Events of this service's aggregates. A conflict has `complete` run again. */
  readonly emit?: readonly Change[];
}

/** What `complete` may use. */
export interface CompletionTools {
  /** An item of a table as a plain object, strongly consistent; undefined when there is none. */
  read(table: string, key: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** What this consumer recorded of another event of the same source; undefined: it has not completed it. */
  recorded(
    aggregate: Pick<AggregateType, 'aggregateType'>,
    id: string,
    sequence: number,
  ): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Sequence of an aggregate's last event in this service's outbox, for `after`; 0: there is none. */
  lastSequence(aggregate: AggregateType, id: string): Promise<number>;
  /** The id of the n-th new aggregate: the same whenever the event is handled again. */
  newId(n?: number): string;
  /** Its lines say which event they are about, and of which trace. */
  readonly logger: Logger;
}

/** What `call` and `lookup` may use. */
export interface CallContext {
  /** The idempotency key for the outside world: the same for every attempt at the event. */
  readonly key: string;
  /** From 1; starts again when the event comes back from the dead-letter queue. */
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly firstAttemptAt: number;
  /** Aborted when the call's time is over. */
  readonly signal: AbortSignal;
  /** Names and values of the headers that have the outside world join the event's trace; empty where there is none. */
  readonly trace: TraceContext;
  /** Its lines say which event they are about, and of which trace. */
  readonly logger: Logger;
}

/** Builds what completes an event. */
export type Finish = (tools: CompletionTools) => Completion | Promise<Completion>;

/** How a consumer processes an event. */
export type Work<E extends ConsumedEvent> =
  /** `isPure`: it reads nothing and makes one write, whose condition may decide alone. */
  | { readonly kind: 'plain'; readonly isPure: boolean; readonly finish: (event: E) => Finish }
  | {
      readonly kind: 'call';
      /** Of the call, and of the lookup before it. */
      readonly timeoutMs: number;
      readonly call: (event: E, context: CallContext) => Promise<Finish>;
      /** Undefined: the outside world knows nothing of such a call. */
      readonly lookup?: (event: E, context: CallContext) => Promise<Finish | undefined>;
    };
