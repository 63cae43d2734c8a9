import type { Decision } from './decision';
import { decideInOrder } from './in-order';
import { decideLatest } from './latest';
import type { Delivery, InboxMessage, StoredState } from './message';
import { decideOnce } from './once';
import { besidePending } from './pending';
import type { Policy } from './policy';

/**
 * The decision for a message in the light of what the table remembers. Pure; total. State comes before recognition: a
 * copy of what was applied is done, whatever this version of the code can read. Then sequence, then type, then version.
 */
export function decide(policy: Policy, message: InboxMessage, stored: StoredState, delivery: Delivery): Decision {
  const decision = decideByPolicy(policy, message, stored, delivery);
  const isItsTurn = decision.kind === 'apply' || decision.kind === 'advance' || decision.kind === 'unreadable';
  return isItsTurn ? besidePending(policy, decision, message, stored, delivery) : decision;
}

function decideByPolicy(policy: Policy, message: InboxMessage, stored: StoredState, delivery: Delivery): Decision {
  const { head } = stored;
  if (head?.joinedAt !== undefined && message.version < head.firstVersion)
    return { kind: 'skip', reason: 'before-start' };
  switch (policy.kind) {
    case 'once':
      return decideOnce(message, stored);
    case 'latest':
      return decideLatest(message, stored);
    case 'in-order':
      return decideInOrder(message, stored, delivery, policy);
  }
}
