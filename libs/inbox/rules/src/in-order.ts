import { byRecognition, versionConflict, type Decision } from './decision';
import type { Delivery, Head, InboxMessage, StoredState } from './message';
import {
  ASK_AFTER_SECONDS,
  HOLD_SECONDS,
  parkSeconds,
  pendingCapSeconds,
  slowCapSeconds,
  soonSeconds,
} from './parking';
import type { Policy } from './policy';

/**
 * `in-order`: versions 1, 2, 3 … of a subject, each exactly once. A message whose predecessor is missing is looked at
 * again and again; after some minutes the consumer asks what is known of the missing one. As long as the outbox has not
 * published it, the message waits. Else it waits for the park budget, which counts from when the missing one was published
 * and this consumer missed it: not from the first delivery, since a consumer that could not work for hours has missed
 * nothing yet. It begins anew whenever the consumer has moved on with the subject. After that it is a gap. With
 * `first-seen`, a subject nothing is known of is taken up at the version at hand after that same wait, and what lies
 * before it is late from then on.
 */
export function decideInOrder(
  message: InboxMessage,
  { head, record, pending, awaited }: StoredState,
  delivery: Delivery,
  { parkBudgetSeconds, start }: Extract<Policy, { kind: 'in-order' }>,
): Decision {
  const { version, subject } = message;
  const lastVersion = head?.lastVersion ?? 0;
  if (head && version <= lastVersion) return past(message, head, record);
  const next = !head && pending ? pending.version : lastVersion + 1;
  if (version === next) return forward(message);
  if (version < next) return late(message, next);
  if (pending) {
    return hold(message, `version ${next} was not completed`, delivery, pendingCapSeconds(pending, delivery));
  }
  const askAfterMs = Math.min(parkBudgetSeconds, ASK_AFTER_SECONDS) * 1_000;
  const isEarly = delivery.now < begunAt(head, delivery) + askAfterMs;
  const soon = isEarly ? parkBehind(head, delivery, parkBudgetSeconds) : undefined;
  if (soon !== undefined) return { kind: 'park', visibilitySeconds: soon };
  const mayStartHere = !head && start === 'first-seen';
  // Whoever may start anywhere must not do so just before an earlier one comes.
  const missing = mayStartHere ? version - 1 : next;
  if (awaited?.version !== missing) return { kind: 'ask', version: missing };
  const { publication, missedSince } = awaited;
  if (publication.kind === 'waiting') {
    return hold(message, `version ${missing} was not published`, delivery, slowCapSeconds(delivery));
  }
  const since = Math.max(missedSince, publication.kind === 'published' ? publication.at : 0);
  const visibilitySeconds = parkBehind(head, delivery, parkBudgetSeconds, since);
  if (visibilitySeconds !== undefined) return { kind: 'park', visibilitySeconds };
  if (mayStartHere) return forward(message);
  return {
    kind: 'dead-letter',
    reason: 'gap',
    detail: `version ${version} of ${subject} waited ${parkBudgetSeconds} s for version ${lastVersion + 1}`,
  };
}

/** When the wait for a predecessor began: with the first delivery, or when the consumer last moved on with the subject. */
function begunAt(head: Head | undefined, { firstReceivedAt }: Delivery): number {
  return Math.max(firstReceivedAt, head?.movedAt ?? 0);
}

/**
 * Seconds until the next look, within a budget that counts from `since` or the wait's beginning, whichever is later;
 * undefined once it is used up. After a move looks are more frequent.
 */
function parkBehind(head: Head | undefined, delivery: Delivery, budgetSeconds: number, since = 0): number | undefined {
  const { movedAt = 0 } = head ?? {};
  const begun = Math.max(since, begunAt(head, delivery));
  return movedAt > delivery.firstReceivedAt
    ? soonSeconds(delivery, movedAt, begun, budgetSeconds)
    : parkSeconds({ ...delivery, firstReceivedAt: begun }, budgetSeconds);
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
