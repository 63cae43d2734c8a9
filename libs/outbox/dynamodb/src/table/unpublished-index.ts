import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import type { UnpublishedKey } from '@outbox/outbox-rules';
import type { OutboxTable } from './outbox-table';

/** The sparse index that holds events only until they are acknowledged. */
export const UNPUBLISHED_INDEX = 'unpublished';

/** Some keys of a shard, what is due first before the rest. */
export interface UnpublishedPage {
  readonly keys: readonly UnpublishedKey[];
  /** Where the next page starts; undefined after the last. */
  readonly next: Item | undefined;
}

/**
 * A page of a shard, at most `limit` keys: one Query, which takes 1 MB, some 6,000 keys. What isn't due yet is included,
 * so that an empty first page means that nothing is unpublished. Indexes are eventually consistent: read an item before
 * acting on it.
 */
export async function unpublishedOf(
  { dynamodb, tableName }: OutboxTable,
  shard: string,
  limit: number,
  start?: Item,
): Promise<UnpublishedPage> {
  const { Items = [], LastEvaluatedKey } = await dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: UNPUBLISHED_INDEX,
      KeyConditionExpression: 'unpublishedShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: shard } },
      Limit: limit,
      ScanIndexForward: true,
      ...(start ? { ExclusiveStartKey: start } : {}),
    }),
  );
  const keys = Items.flatMap(({ pk, sk, dueAt }) =>
    pk?.S === undefined || sk?.S === undefined || dueAt?.S === undefined
      ? []
      : [{ pk: pk.S, sk: sk.S, dueAt: dueAt.S }],
  );
  return { keys, next: LastEvaluatedKey };
}
