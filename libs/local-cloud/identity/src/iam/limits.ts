/** Limits of IAM. Source: IAM quotas; where they can be raised, the default. */

/** Of one account. */
export const ROLES = 1000;

/** Managed policies of one account. */
export const POLICIES = 1500;

/** "Versions per managed policy." */
export const VERSION_LIMIT = 5;

/** Characters of all inline policies of one role. */
export const INLINE_SIZE = 10_240;

/** Policies attached to one role. */
export const ATTACHED_LIMIT = 10;
