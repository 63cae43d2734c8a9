/** Limits of SQS. */

/** Of one message, and of one batch. Source: API reference, MaximumMessageSize and SendMessageBatch. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** 12 hours. Source: API reference, VisibilityTimeout. */
export const MAX_VISIBILITY_SECONDS = 43_200;

/** Source: API reference, DelaySeconds. */
export const MAX_DELAY_SECONDS = 900;

/** Source: API reference, WaitTimeSeconds. */
export const MAX_WAIT_SECONDS = 20;

/** Entries of one batch. Source: API reference, SendMessageBatch. */
export const MAX_ENTRIES = 10;

/** Messages of one receive. Source: API reference, ReceiveMessage, MaxNumberOfMessages. */
export const MAX_MESSAGES = 10;

/** In-flight messages a standard queue allows; a FIFO queue returns no error. Source: quotas. */
export const MAX_IN_FLIGHT = 120_000;

/** How long a repeated receive gets what the first got. Source: API reference, ReceiveMessage, ReceiveRequestAttemptId. */
export const ATTEMPT_MS = 5 * 60_000;

/** How long a deduplication id counts, over the message's deletion too. Source: developer guide, "Exactly-once processing". */
export const DEDUPLICATION_MS = 5 * 60_000;

/** Attributes of one message. Source: developer guide, "Amazon SQS message metadata". */
export const MAX_ATTRIBUTES = 10;

/** Actions of one statement of a queue's policy. Source: API reference, AddPermission. */
export const MAX_ACTIONS = 7;

/** A name stays taken after deletion, and one purge is allowed per this time. Source: API reference, DeleteQueue and PurgeQueue. */
export const QUIET_MS = 60_000;

/** Queues of one page. Source: API reference, ListQueues, MaxResults. */
export const PAGE = 1000;

/** Messages a second that a move task may be told to move. Source: API reference, StartMessageMoveTask. */
export const MAX_PER_SECOND = 500;

/** Move tasks of one list. Source: API reference, ListMessageMoveTasks, MaxResults. */
export const MAX_LISTED = 10;
