import type { Setting } from '@outbox/local-cloud-kernel';

/**
 * Functions that may run at the same time in an account and region. AWS gives 1,000, new accounts less, and raises it to
 * tens of thousands. Source: Lambda quotas.
 */
export const ACCOUNT_CONCURRENCY: Setting = { name: 'accountConcurrency', initial: 1_000, min: 1, max: 100_000 };
