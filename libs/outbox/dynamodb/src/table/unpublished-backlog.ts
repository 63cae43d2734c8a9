import { BatchGetItemCommand, QueryCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { SHARDS } from '@outbox/outbox-rules';
import type { OutboxTable } from './outbox-table';
import { UNPUBLISHED_INDEX } from './unpublished-index';

/** What the outbox still holds. */
export interface Backlog {
  readonly count: number;
  /** ISO-8601 of the oldest commit among it; undefined: nothing is unpublished. */
  readonly oldest: string | undefined;
}

/**
 * Events at each end of a shard that are read. Those never claimed are in the order of their commits, so the first is
 * the oldest of them; what the sweeper claimed again and again lies the later the longer it waits.
 */
const READ_AT_EACH_END = 10;

type Key = Record<string, AttributeValue>;

/** Counts the index `unpublished` and finds its oldest commit; keys alone are read but for some of each shard. */
export async function readBacklog(table: OutboxTable): Promise<Backlog> {
  const shards = await Promise.all(SHARDS.map((shard) => shardOf(table, shard)));
  const oldest = shards
    .flatMap(({ commits }) => commits)
    .sort()
    .at(0);
  return { count: shards.reduce((sum, { count }) => sum + count, 0), oldest };
}

async function shardOf(
  table: OutboxTable,
  shard: string,
): Promise<{ readonly count: number; readonly commits: readonly string[] }> {
  let count = 0;
  const first: Key[] = [];
  let last: Key[] = [];
  let start: Key | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.dynamodb.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: UNPUBLISHED_INDEX,
        KeyConditionExpression: 'unpublishedShard = :shard',
        ExpressionAttributeValues: { ':shard': { S: shard } },
        ProjectionExpression: 'pk, sk',
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    count += Items.length;
    const ahead = READ_AT_EACH_END - first.length;
    first.push(...Items.slice(0, ahead));
    last = [...last, ...Items.slice(ahead)].slice(-READ_AT_EACH_END);
    start = LastEvaluatedKey;
  } while (start);
  return { count, commits: await commitsOf(table, [...first, ...last]) };
}

/** When those of the keys were committed that are still unpublished: the index lags behind the table. */
async function commitsOf({ dynamodb, tableName }: OutboxTable, keys: readonly Key[]): Promise<string[]> {
  const commits: string[] = [];
  let wanted = [...keys];
  while (wanted.length > 0) {
    const { Responses, UnprocessedKeys } = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: {
          [tableName]: {
            Keys: wanted,
            ConsistentRead: true,
            ProjectionExpression: 'committedAt, unpublishedShard',
          },
        },
      }),
    );
    for (const { committedAt, unpublishedShard } of Responses?.[tableName] ?? []) {
      if (unpublishedShard && committedAt?.S !== undefined) commits.push(committedAt.S);
    }
    wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return commits;
}
