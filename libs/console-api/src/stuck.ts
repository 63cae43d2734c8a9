/** The event that a dead letter carries. */
export interface DeadEventView {
  readonly aggregate: string;
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly sequence: number;
}

export interface DeadLetterView {
  /** Whose: a consumer, or another queue as `outboxctl dlq` names it. */
  readonly consumer: string;
  readonly messageId: string;
  readonly body: string;
  readonly event?: DeadEventView;
  readonly reason: string;
  readonly detail?: string;
  readonly firstReceivedAt?: string;
  readonly receiveCount?: number;
}

/** `GET api/dead-letters` */
export interface DeadLetters {
  readonly letters: readonly DeadLetterView[];
  /** How many each queue has; more than are listed where there are very many. */
  readonly counts: Readonly<Record<string, number>>;
}

/** An event that the sweeper gave up: `GET api/failed`. */
export interface FailedView {
  readonly aggregate: string;
  readonly id: string;
  readonly sequence: number;
  readonly type?: string;
  readonly committedAt?: string;
  readonly attempts?: number;
  readonly failedAt: string;
  readonly failure: string;
}

/** An event that doesn't get on: `GET api/stuck`. */
export interface StuckView {
  readonly kind: 'failed' | 'held' | 'gap' | 'retrying' | 'claimed' | 'dead' | 'corrupt';
  readonly aggregate: string;
  readonly id: string;
  /** Where; absent: on the way to the bus. */
  readonly consumer?: string;
  readonly sequence?: number;
  readonly type?: string;
  readonly since?: string;
  readonly attempts?: number;
  readonly why?: string;
}
