/**
 * Why a message can never be processed; a stable word, operators filter by it. `rejected`: the table refuses its
 * effect for good.
 */
export type DeadLetterReason = 'malformed' | 'unknown-version' | 'gap' | 'version-conflict' | 'rejected';

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
  | DeadLetter;

/** Another event has been applied under the same version, e.g. after a restore of the publisher's table. */
export function versionConflict(place: string, stored: string, incoming: string): DeadLetter {
  return {
    kind: 'dead-letter',
    reason: 'version-conflict',
    detail: `${place} was applied from event ${stored}, this is event ${incoming}`,
  };
}
