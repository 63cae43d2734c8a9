export { decide } from './decide';
export { type DeadLetter, type DeadLetterReason, type Decision } from './decision';
export { lanesOf } from './lanes';
export {
  NOTHING_STORED,
  type Delivery,
  type Head,
  type InboxMessage,
  type Publication,
  type StoredState,
} from './message';
export { attemptsSoFar, type Pending } from './pending';
export { PARK_BASE_SECONDS, PARK_CAP_SECONDS, parkSeconds, standstillSeconds } from './parking';
export { DEFAULT_PARK_BUDGET_SECONDS, POLICY_KINDS, type InOrderStart, type Policy } from './policy';
export { DEFAULT_MAX_ATTEMPTS, isRepeatedFailure, retrySeconds } from './retrying';
