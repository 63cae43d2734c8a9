/**
 * How every AWS client of a function is set up: a call that hangs fails well before the function's own timeout, and
 * the SDK's retries take care of lost connections.
 */
export const awsClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;
