import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { UnpublishedKey } from '@outbox/outbox-rules';
import type { OutboxTable } from './outbox-table';

/** The sparse index that holds events only until they are acknowledged. */
export const UNPUBLISHED_INDEX = 'unpublished';

/**
 * The keys of a shard, what is due first before the rest, at most `limit`: one Query, whose page of 1 MB holds some
 * 6,000 keys. What isn't due yet is included, so that an empty answer means that nothing is unpublished. Indexes are
 * eventually consistent: read an item before acting on it.
 */
export async function unpublishedOf(
  { dynamodb, tableName }: OutboxTable,
  shard: string,
  limit: number,
): Promise<UnpublishedKey[]> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: UNPUBLISHED_INDEX,
      KeyConditionExpression: 'unpublishedShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: shard } },
      Limit: limit,
      ScanIndexForward: true,
    }),
  );
  return Items.flatMap(({ pk, sk, dueAt }) =>
    pk?.S === undefined || sk?.S === undefined || dueAt?.S === undefined
      ? []
      : [{ pk: pk.S, sk: sk.S, dueAt: dueAt.S }],
  );
}
