/** Limits of HTTP APIs. Source, unless it says otherwise: API Gateway developer guide, http-api-quotas. */

/** Payload. */
export const MAX_BODY_BYTES = 10_485_760;

/** "Total combined size of request line and header values." */
export const MAX_HEAD_BYTES = 10_240;

/** An account's requests a second in a region, and how many at once. Source: API Gateway quotas. */
export const ACCOUNT_RATE = 10_000;
export const ACCOUNT_BURST = 5_000;

/** How long an integration is waited for, at most (which is usual) and at least. */
export const MAX_TIMEOUT_MS = 30_000;
export const MIN_TIMEOUT_MS = 50;

/** Of one API. */
export const MAX_AUTHORIZERS = 10;

/** Authorization scopes of one route. */
export const MAX_SCOPES = 10;

/** A day, the longest a browser may remember a preflight. Source: API reference, Cors. */
export const MAX_AGE_SECONDS = 86_400;

/** Source: API reference, GetApis, maxResults. */
export const PAGE = 500;

/** How long an issuer is waited for. */
export const FETCH_TIMEOUT_MS = 1_500;

/** How long keys are kept: AWS says it "can cache the public key for two hours". Source: http-api-jwt-authorizer. */
export const CACHE_MS = 2 * 3_600_000;
