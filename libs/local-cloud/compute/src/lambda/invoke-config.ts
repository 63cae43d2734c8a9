import type { InvokeConfigRecord } from './model';

/** Retries of a failed asynchronous invocation, and how long it may wait. Source: Lambda developer guide, invocation-async. */
export const DEFAULT_RETRY_ATTEMPTS = 2;
export const DEFAULT_EVENT_AGE_SECONDS = 21_600;

/** A function for which nothing is configured. */
export const NO_INVOKE_CONFIG: Omit<InvokeConfigRecord, 'modifiedAt'> = {
  maximumRetryAttempts: undefined,
  maximumEventAgeSeconds: undefined,
  onSuccess: undefined,
  onFailure: undefined,
};
