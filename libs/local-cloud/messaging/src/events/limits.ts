/** Limits of EventBridge. */

/** Source: API reference, PutEvents. */
export const MAX_ENTRIES = 10;

/** Of all entries together. Source: API reference, PutEvents: 1 MB. */
export const MAX_BYTES = 1_048_576;

/** Characters. Source: API reference, PutEventsRequestEntry. */
export const MAX_DETAIL_TYPE = 128;

/** Levels a detail may nest. Source: guide, PutEvents. */
export const MAX_DEPTH = 1000;

/** Characters of a pattern. Source: quotas: 2048, raised on request up to the API's 4096. */
export const MAX_PATTERN = 4096;

/** Of one rule. Source: quotas. */
export const MAX_TARGETS = 5;

/** Of one request. Source: API reference, PutTargets. */
export const MAX_TARGET_ENTRIES = 100;

/** Characters of a constant input. Source: API reference, Target. */
export const MAX_INPUT = 8192;

/** Characters. Source: API reference, SqsParameters. */
export const MAX_GROUP_ID = 100;

/** Characters of a bus's policy. Source: quotas. */
export const MAX_POLICY = 10_240;

/** Replays running at once. Source: quotas. */
export const MAX_ACTIVE = 10;

/** A day, and 185 retries. Source: guide, "Retry policies". */
export const DEFAULT_AGE_SECONDS = 86_400;
export const DEFAULT_RETRIES = 185;
