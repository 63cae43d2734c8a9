import { byRecognition, versionConflict, type Decision } from './decision';
import type { Delivery, Head, InboxMessage, StoredState } from './message';
import { parkSeconds } from './parking';
import type { Policy } from './policy';

/**
 * `in-order`: versions 1, 2, 3 … of a subject, each exactly once. A message whose predecessors are missing waits for
 * them within its budget; then it is a gap. With `first-seen`, a subject nothing is known of is taken up at the version
 * at hand after that same wait, and what lies before it is late from then on.
 */
export function decideInOrder(
  message: InboxMessage,
  { head, record }: StoredState,
  delivery: Delivery,
  policy: Extract<Policy, { kind: 'in-order' }>,
): Decision {
  const { version, subject } = message;
  const lastVersion = head?.lastVersion ?? 0;
  if (head && version <= lastVersion) return past(message, head, record);
  if (version === lastVersion + 1) return forward(message);
  const visibilitySeconds = parkSeconds(delivery, policy.parkBudgetSeconds);
  if (visibilitySeconds !== undefined) return { kind: 'park', visibilitySeconds };
  if (!head && policy.start === 'first-seen') return forward(message);
  return {
    kind: 'dead-letter',
    reason: 'gap',
    detail: `version ${version} of ${subject} waited ${policy.parkBudgetSeconds} s for version ${lastVersion + 1}`,
  };
}

/** An unwanted type holds a place in the order, but there is nothing to do for it. */
function forward(message: InboxMessage): Decision {
  return message.recognition === 'unknown-type' ? { kind: 'advance' } : byRecognition(message);
}

/** A version already passed: a copy of what was applied, unless another event stands in its place, or none does. */
function past(message: InboxMessage, head: Head, record: StoredState['record']): Decision {
  const { version, subject } = message;
  if (version < head.firstVersion) {
    const detail = `version ${version} of ${subject} came after the consumer had begun with version ${head.firstVersion}`;
    return { kind: 'dead-letter', reason: 'late', detail };
  }
  const applied = head.lastVersion === version ? head.lastEventId : record?.eventId;
  return applied === undefined || applied === message.id ? { kind: 'done' } : versionConflict(message, applied);
}
