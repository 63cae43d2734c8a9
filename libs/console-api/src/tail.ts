/** An event as it was committed. */
export interface LiveEvent {
  readonly aggregate: string;
  readonly id: string;
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  /** ISO-8601. */
  readonly committedAt: string;
  readonly detail: unknown;
}

/** An event came off the bus. */
export interface Published {
  readonly eventId: string;
  /** ISO-8601. */
  readonly publishedAt: string;
}

/** What was committed and published since the last time; sent as `tail` while a page follows. */
export interface Tail {
  readonly events: readonly LiveEvent[];
  readonly published: readonly Published[];
  /** Events that were left out, since there were too many at once. */
  readonly left: number;
}

/** One condition of a rule's pattern, and whether the event meets it. */
export interface Leaf {
  /** `detail.type` */
  readonly path: string;
  readonly wants: unknown;
  /** What the event has there. */
  readonly has: unknown;
  readonly matches: boolean;
}

/** What one rule of the bus makes of an event: `GET api/match?of=AGGREGATE/ID&sequence=N`. */
export interface RuleVerdict {
  readonly rule: string;
  /** Disabled rules match nothing. */
  readonly enabled: boolean;
  /** Where it sends what matches: names of queues and functions. */
  readonly targets: readonly string[];
  readonly matches: boolean;
  readonly leaves: readonly Leaf[];
}
