import type { InvokeConfigRecord } from './model';

/** Two retries within six hours. Source: Lambda developer guide, asynchronous invocation. */
export const DEFAULT_INVOKE_CONFIG: Omit<InvokeConfigRecord, 'modifiedAt'> = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  onSuccess: undefined,
  onFailure: undefined,
};
