import { byRecognition, versionConflict, type Decision } from './decision';
import type { Delivery, Head, InboxMessage, StoredState } from './message';
import { HOLD_CAP_SECONDS, HOLD_SECONDS, parkSeconds, slowCapSeconds, soonSeconds } from './parking';
import type { Policy } from './policy';

/**
 * `in-order`: versions 1, 2, 3 … of a subject, each exactly once. A message whose predecessors are missing waits for
 * them within its budget, which begins anew whenever the consumer has moved on with the subject; then it is a gap, unless the outbox can be asked and has not published the missing one yet, or
 * did so less than a budget ago. With `first-seen`, a subject nothing is known of is taken up at the version at hand after
 * that same wait, and what lies before it is late from then on.
 */
export function decideInOrder(
  message: InboxMessage,
  { head, record, pending, awaited }: StoredState,
  delivery: Delivery,
  policy: Extract<Policy, { kind: 'in-order' }>,
): Decision {
  const { version, subject } = message;
  const lastVersion = head?.lastVersion ?? 0;
  if (head && version <= lastVersion) return past(message, head, record);
  const next = !head && pending ? pending.version : lastVersion + 1;
  if (version === next) return forward(message);
  if (version < next) return late(message, next);
  if (pending) return hold(message, `version ${next} was not completed`, delivery, HOLD_CAP_SECONDS);
  const visibilitySeconds = parkBehind(head, delivery, policy.parkBudgetSeconds);
  if (visibilitySeconds !== undefined) return { kind: 'park', visibilitySeconds };
  const mayStartHere = !head && policy.start === 'first-seen';
  if (policy.asksOutbox) {
    // Whoever may start anywhere must not do so just before an earlier one comes.
    const missing = mayStartHere ? version - 1 : next;
    if (awaited?.version !== missing) return { kind: 'ask', version: missing };
    const { publication } = awaited;
    if (publication.kind === 'waiting') {
      return hold(message, `version ${missing} was not published`, delivery, slowCapSeconds(delivery));
    }
    if (publication.kind === 'published') {
      const since = Math.max(publication.at, delivery.firstReceivedAt);
      const seconds = parkBehind(head, { ...delivery, firstReceivedAt: since }, policy.parkBudgetSeconds);
      if (seconds !== undefined) return { kind: 'park', visibilitySeconds: seconds };
    }
  }
  if (mayStartHere) return forward(message);
  return {
    kind: 'dead-letter',
    reason: 'gap',
    detail: `version ${version} of ${subject} waited ${policy.parkBudgetSeconds} s for version ${lastVersion + 1}`,
  };
}

/** The park budget counts anew from when the consumer last moved on with the subject, and looks are more frequent then. */
function parkBehind(head: Head | undefined, delivery: Delivery, budgetSeconds: number): number | undefined {
  const { movedAt = 0 } = head ?? {};
  return movedAt > delivery.firstReceivedAt
    ? soonSeconds(delivery, movedAt, budgetSeconds)
    : parkSeconds(delivery, budgetSeconds);
}

/** What has to come before it isn't lost, only late, however long it takes: no gap. */
function hold({ version, subject }: InboxMessage, cause: string, delivery: Delivery, capSeconds: number): Decision {
  const visibilitySeconds = parkSeconds(delivery, HOLD_SECONDS, capSeconds);
  if (visibilitySeconds !== undefined) return { kind: 'park', visibilitySeconds };
  const detail = `version ${version} of ${subject} waited ${HOLD_SECONDS} s while ${cause}`;
  return { kind: 'dead-letter', reason: 'held', detail };
}

/** An unwanted type holds a place in the order, but there is nothing to do for it. */
function forward(message: InboxMessage): Decision {
  return message.recognition === 'unknown-type' ? { kind: 'advance' } : byRecognition(message);
}

/** A version already passed: a copy of what was applied, unless another event stands in its place, or none does. */
function past(message: InboxMessage, head: Head, record: StoredState['record']): Decision {
  if (message.version < head.firstVersion) return late(message, head.firstVersion);
  const applied = head.lastVersion === message.version ? head.lastEventId : record?.eventId;
  return applied === undefined || applied === message.id ? { kind: 'done' } : versionConflict(message, applied);
}

function late({ version, subject }: InboxMessage, firstVersion: number): Decision {
  const detail = `version ${version} of ${subject} came after the consumer had begun with version ${firstVersion}`;
  return { kind: 'dead-letter', reason: 'late', detail };
}
