import { toLocal } from './local-arns';
import { objectAt, objectsAt, textAt } from '../proxy/json';
import type { Place } from '../place';
import type { LocalClient } from './local-client';

/**
 * The sequence number a stream's next record will have at least: what comes later has this or a higher one, what is
 * there has a lower one. Read out of DynamoDB Local's iterators (`<stream>|001|<base64 of shard|sequence|time>`),
 * since no operation tells.
 */
export async function nextSequence(client: LocalClient, place: Place, streamArn: string): Promise<bigint> {
  const shardId = await lastShard(client, place, streamArn);
  const body = { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: 'LATEST' };
  const answer = await client.call('dynamodbstreams', 'GetShardIterator', toLocal(body, place), place);
  const iterator = textAt(answer, 'ShardIterator');
  const inner = Buffer.from(iterator.split('|')[2] ?? '', 'base64').toString('utf8');
  const sequence = /^[^|]+\|(\d+)\|/.exec(inner)?.[1];
  if (!sequence) throw new Error(`DynamoDB Local's shard iterator has another form than known: ${iterator}`);
  return BigInt(sequence);
}

async function lastShard(client: LocalClient, place: Place, streamArn: string): Promise<string> {
  let last = '';
  let from: string | undefined;
  do {
    const body = { StreamArn: streamArn, ...(from ? { ExclusiveStartShardId: from } : {}) };
    const answer = await client.call('dynamodbstreams', 'DescribeStream', toLocal(body, place), place);
    const description = objectAt(answer, 'StreamDescription');
    last = textAt(objectsAt(description, 'Shards').at(-1) ?? {}, 'ShardId') || last;
    from = textAt(description, 'LastEvaluatedShardId') || undefined;
  } while (from);
  return last;
}
