/** Limits of CloudWatch Logs. */

/** Of one batch. Source: API reference, PutLogEvents, as the four that follow. */
export const BATCH_EVENTS = 10_000;
export const BATCH_BYTES = 1_048_576;

/** What each event counts for beside its message. */
export const EVENT_OVERHEAD_BYTES = 26;

/** How far in the past, and in the future, an event may lie. */
export const OLDEST_MS = 14 * 86_400_000;
export const NEWEST_MS = 2 * 3_600_000;

/** Source: API reference, GetLogEvents and FilterLogEvents, limit. */
export const PAGE_EVENTS = 10_000;

/** Source: API reference, FilterLogEvents, filterPattern. */
export const PATTERN_CHARACTERS = 1024;

/** Of one group. Source: quotas. */
export const MOST_FILTERS = 100;

/** Source: API reference, MetricTransformation, dimensions. */
export const MOST_FILTER_DIMENSIONS = 3;

/** Source: API reference, TestMetricFilter. */
export const MOST_TEST_EVENTS = 50;

/** Of an account in a region. Source: API reference, PutResourcePolicy. */
export const MOST_POLICIES = 10;

/** Source: CloudWatch user guide, "Specification: Embedded metric format", as the two that follow. */
export const MOST_DIMENSIONS = 30;
export const MOST_METRICS = 100;
export const MOST_VALUES = 100;
