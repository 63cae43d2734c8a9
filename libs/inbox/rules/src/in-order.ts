import { versionConflict, type Decision } from './decision';
import type { Delivery, InboxMessage, StoredState } from './message';
import { parkSeconds } from './parking';
import type { Policy } from './policy';

/**
 * `in-order`: versions 1, 2, 3 … of a subject, each exactly once. A message whose predecessors are missing waits for
 * them within its budget; then it is a gap. With `first-seen`, a subject nothing is known of is taken up at the version
 * at hand after that same wait: version 1 may only be late, and applying 2 before it would lose it.
 */
export function decideInOrder(
  message: InboxMessage,
  { head, record }: StoredState,
  delivery: Delivery,
  policy: Extract<Policy, { kind: 'in-order' }>,
): Decision {
  const lastVersion = head?.lastVersion ?? 0;
  if (message.version <= lastVersion) return past(message, { head, record });
  if (message.version === lastVersion + 1) return forward(message);
  const visibilitySeconds = parkSeconds(delivery, policy.parkBudgetSeconds);
  if (visibilitySeconds !== undefined) return { kind: 'park', visibilitySeconds };
  if (!head && policy.start === 'first-seen') return forward(message);
  return {
    kind: 'dead-letter',
    reason: 'gap',
    detail: `version ${message.version} of ${message.subject} waited ${policy.parkBudgetSeconds} s for version ${lastVersion + 1}`,
  };
}

/** An unknown type holds a place in the order, but there is nothing to do for it. */
function forward(message: InboxMessage): Decision {
  return { kind: message.recognition === 'unknown-type' ? 'advance' : 'apply' };
}

/** A version already passed: a copy of what was applied, unless another event stands in its place. */
function past(message: InboxMessage, { head, record }: StoredState): Decision {
  const applied = head?.lastVersion === message.version ? head.lastEventId : record?.eventId;
  return applied === undefined || applied === message.id
    ? { kind: 'done' }
    : versionConflict(`version ${message.version} of ${message.subject}`, applied, message.id);
}
