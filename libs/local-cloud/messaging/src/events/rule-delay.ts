import type { Setting } from '@outbox/local-cloud-kernel';

/** How long a new or changed rule takes to count, in milliseconds, up to an hour: it takes seconds on AWS. */
export const RULE_DELAY: Setting = { name: 'ruleDelayMs', initial: 0, min: 0, max: 3_600_000 };
