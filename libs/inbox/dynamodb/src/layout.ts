import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';

/** What is to be written for one message. */
export interface Entry {
  readonly message: InboxMessage;
  /** The record with its effect, without keys; absent when only the head moves. */
  readonly record?: Item;
  /** When it is written, ISO-8601. */
  readonly writtenAt: string;
}

/**
 * Where a policy keeps effects and inbox records. One write is atomic and rests on a condition, so that of two
 * deliveries one wins and the other learns it.
 */
export interface Layout {
  /** Whether a message has to be looked up before the first write; if not, the write's condition decides. */
  readonly readsFirst: boolean;
  /** What the table knows of a message. Strongly consistent. */
  recall(message: InboxMessage): Promise<StoredState>;
  /** Writes an entry on the strength of `seen`. Passes DynamoDB's errors on, except a failed condition. */
  write(entry: Entry, seen: StoredState): Promise<WriteOutcome>;
}

/** `lost`: the condition failed; `stored` is what stands there. */
export type WriteOutcome = { readonly kind: 'written' } | { readonly kind: 'lost'; readonly stored: StoredState };

/** What a layout needs. */
export interface LayoutPorts {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}
