/** Limits of Lambda. Source, unless it says otherwise: Lambda quotas. */

/** Largest event of a synchronous invocation, and of an asynchronous one. */
export const MAX_SYNC_BYTES = 6_291_456;
export const MAX_ASYNC_BYTES = 1_048_576;

/** What a function may return: 6 MB, and what the envelope takes. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** Time for the init phase before it is counted against the function's own timeout. Source: developer guide, "Lambda runtime environment". */
export const INIT_LIMIT_MS = 10_000;

/** What LogType=Tail returns at most. Source: API reference, Invoke. */
export const TAIL_BYTES = 4096;

/** Of a function's variables, names and values together. */
export const MAX_ENVIRONMENT_BYTES = 4096;

/** Of a zip that is uploaded directly, and of what it unpacks to. */
export const MAX_ZIP_BYTES = 52_428_800;
export const MAX_UNZIPPED_BYTES = 262_144_000;

/** Layers of one function. */
export const MAX_LAYERS = 5;

/** Source: API reference, ListLayers and ListLayerVersions, MaxItems. */
export const LAYER_PAGE = 50;

/** What must stay unreserved of an account's concurrency. */
export const MIN_UNRESERVED = 100;

/** Retries of a failed asynchronous invocation, and how long it may wait. Source: developer guide, invocation-async. */
export const DEFAULT_RETRY_ATTEMPTS = 2;
export const DEFAULT_EVENT_AGE_SECONDS = 21_600;

/** Source: API reference, ListFunctionEventInvokeConfigs, MaxItems. */
export const INVOKE_CONFIG_PAGE = 50;

/** Of one mapping, and characters of a pattern. Source: developer guide, invocation-eventfiltering; API reference, Filter. */
export const MAX_FILTERS = 5;
export const MAX_PATTERN = 4096;

/** Batches a mapping may process at the same time. Source: developer guide, services-sqs-scaling. */
export const INITIAL_CONCURRENCY = 5;
export const ADDED_PER_MINUTE = 300;
export const MAX_CONCURRENCY = 1250;
