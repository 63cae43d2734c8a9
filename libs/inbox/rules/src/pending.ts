import { versionConflict, type DeadLetterReason, type Decision } from './decision';
import type { Delivery, InboxMessage, StoredState } from './message';
import type { Policy } from './policy';

/** What is known of an event that was begun and isn't completed. */
export interface Pending {
  readonly eventId: string;
  readonly type: string;
  readonly version: number;
  readonly status: 'claimed' | 'retrying' | 'dead-lettered';
  /** Attempts begun so far. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly firstAttemptAt: number;
  /** Another one with every write: whoever read it can tell that nothing has changed since. */
  readonly token: string;
  /** Of a claim: until then nobody else may begin; milliseconds since the epoch. */
  readonly leaseUntil?: number;
  /** Of a version that can't be read: when the next attempt is due; milliseconds since the epoch. */
  readonly retryAt?: number;
  readonly lastError?: string;
  /** Of a dead letter. */
  readonly reason?: DeadLetterReason;
  /** Of a dead letter: the message that was set aside. A redrive makes another message of it. */
  readonly messageId?: string;
}

/** What the policy decided, unless something pending stands against it. */
export function besidePending(
  policy: Policy,
  decision: Decision,
  message: InboxMessage,
  { pending }: StoredState,
  { now, messageId, token }: Delivery,
): Decision {
  if (!pending || pending.token === token) return decision;
  const { leaseUntil = 0 } = pending;
  if (pending.status === 'claimed' && leaseUntil > now) {
    return { kind: 'wait', visibilitySeconds: Math.ceil((leaseUntil - now) / 1_000) };
  }
  if (pending.eventId === message.id) {
    // Copies would use up the attempts long before the hours are over that a deployment may take.
    const { status, retryAt = 0 } = pending;
    if (decision.kind === 'unreadable' && status === 'retrying' && retryAt > now) {
      return { kind: 'wait', visibilitySeconds: Math.ceil((retryAt - now) / 1_000) };
    }
    const isSameMessage = pending.status === 'dead-lettered' && pending.messageId === messageId;
    return isSameMessage && pending.reason
      ? { kind: 'dead-letter', reason: pending.reason, detail: pending.lastError ?? '' }
      : decision;
  }
  if (pending.version === message.version) return versionConflict(message, pending.eventId);
  // A newer one was begun: what it did outside must not be followed by what is older.
  if (policy.kind === 'latest' && pending.version > message.version) return { kind: 'skip', reason: 'superseded' };
  return decision;
}

/** Attempts at an event that count: those before it was set aside and brought back don't. */
export function attemptsSoFar({ id }: InboxMessage, { pending }: StoredState): number {
  return pending?.eventId === id && pending.status !== 'dead-lettered' ? pending.attempts : 0;
}
