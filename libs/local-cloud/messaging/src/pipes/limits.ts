/** Limits of EventBridge Pipes. */

/** Source: API reference, FilterCriteria and Filter, as the one that follows. */
export const MAX_FILTERS = 5;
export const MAX_PATTERN = 4096;

/** Messages of one receive. Source: SQS API reference, ReceiveMessage. */
export const MAX_RECEIVED = 10;

/** Characters. Source: API reference, PipeTargetParameters, InputTemplate. */
export const MAX_TEMPLATE = 8192;

/** Characters. Source: API reference, CreatePipe, Source and Target. */
export const MAX_ARN = 1600;

/** Bytes of a synchronous invocation. Source: Lambda quotas. */
export const MAX_PAYLOAD = 6 * 1024 * 1024;

/** Longest execution, enrichment and target together. Source: EventBridge guide, "Pipes batching and concurrency". */
export const LONGEST_MS = 5 * 60_000;

/** Characters of a message group or deduplication id. Source: API reference, PipeTargetSqsQueueParameters. */
export const LONGEST_ID = 100;

/** Longest field before it is cut, in characters: a log event holds 256 KB. Source: EventBridge guide, "Truncating execution data". */
export const MAX_DATA = 60_000;
