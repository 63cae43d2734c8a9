import type { Decision } from './decision';
import { decideInOrder } from './in-order';
import { decideLatest } from './latest';
import type { Delivery, InboxMessage, StoredState } from './message';
import { decideOnce } from './once';
import type { Policy } from './policy';

/**
 * What can be said without looking at the table: an unknown version of a known type is for an operator, an unknown
 * type is skipped unless it holds a place in an order. Undefined: `decide` needs the stored state.
 */
export function decideUnseen(policy: Policy, message: InboxMessage): Decision | undefined {
  if (message.recognition === 'unknown-version') {
    return {
      kind: 'dead-letter',
      reason: 'unknown-version',
      detail: `no reader for this schema version of ${message.type}`,
    };
  }
  if (message.recognition === 'unknown-type' && policy.kind !== 'in-order') {
    return { kind: 'skip', reason: 'unknown-type' };
  }
  return undefined;
}

/** The decision for a message in the light of what the table remembers. Pure; total. */
export function decide(policy: Policy, message: InboxMessage, stored: StoredState, delivery: Delivery): Decision {
  const unseen = decideUnseen(policy, message);
  if (unseen) return unseen;
  switch (policy.kind) {
    case 'once':
      return decideOnce(message, stored);
    case 'latest':
      return decideLatest(message, stored);
    case 'in-order':
      return decideInOrder(message, stored, delivery, policy);
  }
}
