import type { Pending } from './pending';

/** An event as the inbox sees it; what it is about stays the consumer's business. */
export interface InboxMessage {
  /** CloudEvents id: the same for every copy of one event. */
  readonly id: string;
  /** CloudEvents type. */
  readonly type: string;
  /** What the event is about: one aggregate of one source. Versions count per subject. */
  readonly subject: string;
  /** The event's `sequence`: 1, 2, 3 … without holes per subject, one event each. */
  readonly version: number;
  /** Whether the consumer wants the type and, if so, whether it can read the version of its schema. */
  readonly recognition: 'known' | 'unknown-type' | 'unknown-version' | 'malformed';
  /** What is wrong with a malformed one. */
  readonly problem?: string;
}

/** How often and since when a queue has been delivering a message. */
export interface Delivery {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When the queue first handed the message out, milliseconds since the epoch. */
  readonly firstReceivedAt: number;
  /** 1 for the first delivery. */
  readonly receives: number;
  /** The same for every delivery of one message. */
  readonly messageId: string;
  /** What this delivery claims by. */
  readonly token?: string;
}

/** How far an `in-order` or `latest` consumer is with a subject. */
export interface Head {
  /** The version that the consumer began with: it has seen nothing of what lies before. */
  readonly firstVersion: number;
  readonly lastVersion: number;
  readonly lastEventId: string;
  /** When the last one was applied, milliseconds since the epoch. */
  readonly movedAt?: number;
}

/**
 * What the outbox that the events come from says of a version. `waiting`: nobody has seen it come off the bus yet.
 * `absent`: retention removed it, or it never was.
 */
export type Publication =
  | { readonly kind: 'waiting' | 'absent' }
  /** `at`: when it was seen to come off the bus, milliseconds since the epoch. */
  | { readonly kind: 'published'; readonly at: number };

/** What the consumer's table remembers of a subject, as far as a policy needs it. */
export interface StoredState {
  /** `in-order` and `latest`: what was applied last; absent before the first event. */
  readonly head?: Head;
  /** `once` and `in-order`: the record under the message's version. */
  readonly record?: { readonly version: number; readonly eventId: string };
  /** What was begun and isn't completed: of the event under `once`, else of the subject. */
  readonly pending?: Pending;
  /** `in-order`: what the outbox says of a version that is waited for, once it was asked. */
  readonly awaited?: { readonly version: number; readonly publication: Publication };
}

/** A subject nothing is remembered of. */
export const NOTHING_STORED: StoredState = {};
