import type { DynamoDBClient, Put } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';
import { PENDING } from './pending-item';

/** What is to be written for one completed event. */
export interface Entry {
  readonly message: InboxMessage;
  /** The record with its effect, without keys; absent when only the head moves. */
  readonly record?: Item;
  /** When it is written, ISO-8601. */
  readonly writtenAt: string;
}

/**
 * Where a policy keeps records, and how far it is. Every write rests on the condition that the leased item is as it was
 * seen, so that of two deliveries one wins and the other learns it.
 */
export interface Layout {
  /** Whether a message has to be looked up before the first write; if not, the write's condition decides. */
  readonly readsFirst: boolean;
  /** Whether the leased item is the event's own: nothing is there before its first delivery. */
  readonly hasItemPerEvent: boolean;
  /** What the table knows of a message. Strongly consistent. @throws CorruptItemError */
  recall(message: InboxMessage): Promise<StoredState>;
  /** What is known of a message by the leased item alone; absent where that isn't enough. */
  stateOf?(item: Item): StoredState;
  /** The item that is leased, and holds what is pending. */
  leasedKey(message: InboxMessage): { readonly pk: string; readonly sk: string };
  /** The items of a completed event, the leased one first; `seen` is undefined when it wasn't read. */
  completed(entry: Entry, seen: StoredState | undefined): Put[];
}

/** What a layout needs. */
export interface LayoutPorts {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}

/** The parts of a write that make it conditional. */
export type WriteCondition = Pick<
  Put,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Holds as long as the leased item is as it was seen. */
export function isAsSeen({ head, pending }: StoredState): WriteCondition {
  if (pending) {
    return {
      ConditionExpression: `${PENDING}.#token = :seen`,
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':seen': { S: pending.token } },
    };
  }
  if (!head) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: `lastVersion = :seen AND attribute_not_exists(${PENDING})`,
    ExpressionAttributeValues: { ':seen': { N: String(head.lastVersion) } },
  };
}
