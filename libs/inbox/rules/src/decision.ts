import type { InboxMessage } from './message';

/**
 * Why a message can't be processed; a stable word, operators filter by it. `late`: it lies before what an in-order
 * consumer began with. `held`: what has to come before it was not completed, or not published, for three days.
 * `rejected`: the consumer or its table refuses it for good. `attempts`: all of them failed.
 */
export type DeadLetterReason =
  'malformed' | 'unknown-version' | 'gap' | 'held' | 'late' | 'version-conflict' | 'rejected' | 'attempts';

/** A message to be set aside for an operator. */
export interface DeadLetter {
  readonly kind: 'dead-letter';
  readonly reason: DeadLetterReason;
  /** The evidence, in one sentence. */
  readonly detail: string;
}

/** What to do with a message. */
export type Decision =
  /** Write the effect and the inbox record, together. */
  | { readonly kind: 'apply' }
  /** Move the in-order head on, without an effect. */
  | { readonly kind: 'advance' }
  /** This very event, or its place in the order, is dealt with already. */
  | { readonly kind: 'done' }
  /** Not for this consumer, now or ever. */
  | { readonly kind: 'skip'; readonly reason: 'superseded' | 'unknown-type' }
  /** Its predecessors are missing: look again after so many seconds. */
  | { readonly kind: 'park'; readonly visibilitySeconds: number }
  /** It waited long enough, unless the outbox has yet to publish this version: ask, then decide again. */
  | { readonly kind: 'ask'; readonly version: number }
  /** Another delivery is at work on the same: look again after so many seconds. */
  | { readonly kind: 'wait'; readonly visibilitySeconds: number }
  /** It is wanted, and this version of the code can't read it. */
  | Unreadable
  | DeadLetter;

/** What holds its place and can't be read. An unknown version is tried again for hours before it is a dead letter. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: 'unknown-version' | 'malformed';
  readonly detail: string;
}

/** What the consumer does once an event's turn has come: by its type first, then by its version. */
export function byRecognition(message: InboxMessage): Decision {
  switch (message.recognition) {
    case 'known':
      return { kind: 'apply' };
    case 'unknown-type':
      return { kind: 'skip', reason: 'unknown-type' };
    case 'unknown-version':
      return {
        kind: 'unreadable',
        reason: 'unknown-version',
        detail: `this version of the consumer can't read the schema version of ${message.type}`,
      };
    case 'malformed':
      return { kind: 'unreadable', reason: 'malformed', detail: message.problem ?? 'not what its schema says' };
  }
}

/** Another event has been applied under the same version, e.g. after a restore of the publisher's table. */
export function versionConflict({ version, subject, id }: InboxMessage, applied: string): DeadLetter {
  return {
    kind: 'dead-letter',
    reason: 'version-conflict',
    detail: `version ${version} of ${subject} was applied from event ${applied}, this is event ${id}`,
  };
}
