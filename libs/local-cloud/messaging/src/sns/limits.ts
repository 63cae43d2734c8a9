/** Limits of SNS. */

/** Of one message with its attributes, and of a whole batch. Source: API reference, Publish. */
export const MAX_MESSAGE_BYTES = 262_144;

/** Characters. Source: API reference, Publish, Subject. */
export const MAX_SUBJECT = 100;

/** Entries of one batch. Source: API reference, PublishBatch. */
export const MAX_ENTRIES = 10;

/** Characters. Source: API reference, SetTopicAttributes. */
export const MAX_DISPLAY_NAME = 100;

/** Source: developer guide, "Filter policy constraints", as the two that follow. */
export const MAX_FILTER_KEYS = 5;
export const MAX_FILTER_COMBINATIONS = 150;
export const MAX_FILTER_BYTES = 262_144;

/** Source: API reference, ListTopics, ListSubscriptions, ListSubscriptionsByTopic. */
export const PAGE = 100;

/** How long a token counts, and a subscription waits. Source: API reference, ConfirmSubscription: two days. */
export const TOKEN_MS = 2 * 86_400_000;

/** Attempts at an endpoint that AWS manages. Source: developer guide, "Amazon SNS message delivery retries". */
export const MOST_ATTEMPTS = 100_015;
