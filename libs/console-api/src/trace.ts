/** What a consumer has begun of an event and not completed: a claim, a failed attempt or a dead letter. */
export interface BegunView {
  readonly status: 'claimed' | 'retrying' | 'dead-lettered';
  readonly attempts: number;
  /** ISO-8601. */
  readonly firstAttemptAt: string;
  readonly leaseUntil?: string;
  readonly lastError?: string;
  readonly reason?: string;
}

/**
 * Where an event stands with one consumer. `superseded`: a `latest` consumer had a newer event already. `skipped`: it lies
 * before the consumer's start, its code doesn't want the type, or an operator had it passed over.
 */
export interface ConsumerHopView {
  readonly consumer: string;
  readonly policy: string;
  readonly state: 'done' | 'superseded' | 'skipped' | 'pending' | 'not-subscribed';
  /** ISO-8601, like every time here. */
  readonly queuedAt?: string;
  readonly appliedAt?: string;
  readonly receives?: number;
  /** Which attempt completed it. */
  readonly attempts?: number;
  /** What was begun of it and isn't completed. */
  readonly begun?: BegunView;
}

/** One event of an aggregate, hop by hop. */
export interface EventView {
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  /** Of the trace that it is a part of. */
  readonly traceId?: string;
  readonly committedAt: string;
  readonly relayedAt?: string;
  /** EventBridge keeps whole seconds only. */
  readonly busAt?: string;
  readonly publishedAt?: string;
  /** Of the sweeper; 0: the pipe alone. */
  readonly attempts: number;
  readonly failure?: string;
  readonly consumers: readonly ConsumerHopView[];
  /** The event itself, as it is on the bus; absent when it can't be read. */
  readonly detail?: unknown;
}

/** `GET api/trace?of=AGGREGATE/ID`: the aggregate's events and those of the other types with its id, by time. */
export interface AggregateTrace {
  readonly id: string;
  readonly parts: readonly PassedPart[];
  /** What functions did meanwhile, as far as they tell it: of a stack on a local cloud. */
  readonly spans?: readonly SpanView[];
}

/** A stretch of time that a function spent on an event; milliseconds since the epoch. */
export interface SpanView {
  /** `queue wait`, `process TYPE`, `call`, `complete` … */
  readonly name: string;
  /** The function: a consumer by its name. */
  readonly service: string;
  readonly eventId: string;
  readonly from: number;
  readonly to: number;
  readonly outcome?: string;
  readonly attempt?: number;
  readonly error?: string;
}

/** Events of one aggregate. */
export interface PassedPart {
  readonly aggregate: string;
  readonly lastSequence: number;
  readonly complete: boolean;
  readonly events: readonly EventView[];
}
