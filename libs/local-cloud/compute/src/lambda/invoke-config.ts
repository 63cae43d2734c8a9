import type { InvokeConfigRecord } from './model';

/** A function for which nothing is configured. */
export const NO_INVOKE_CONFIG: Omit<InvokeConfigRecord, 'modifiedAt'> = {
  maximumRetryAttempts: undefined,
  maximumEventAgeSeconds: undefined,
  onSuccess: undefined,
  onFailure: undefined,
};
