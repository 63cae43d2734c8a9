import { constraintsOf, type TextRule } from '@outbox/local-cloud-kernel';
import type { Json } from '../proxy/json';

const { checkText, checkNumber } = constraintsOf();

const STREAM_ARN: TextRule = {
  least: 37,
  most: 1024,
  pattern: 'arn:[\\w-]+:dynamodb:[\\w-]+:\\d{12}:table\\/[a-zA-Z0-9_.-]+\\/stream\\/[\\w:.-]+',
};
const SHARD_ID: TextRule = { least: 28, most: 65, pattern: 'shardId-[\\w-]+' };

/** Source: DynamoDB Streams API reference, the constraints of each parameter. */
const TEXTS: Readonly<Record<string, TextRule>> = {
  StreamArn: STREAM_ARN,
  ExclusiveStartStreamArn: STREAM_ARN,
  ShardId: SHARD_ID,
  ExclusiveStartShardId: SHARD_ID,
  SequenceNumber: { least: 21, most: 40, pattern: '\\d+' },
  ShardIterator: { least: 1, most: 2048 },
  TableName: { least: 3, most: 255, pattern: '[a-zA-Z0-9_.-]+' },
};

const MAX_LIMIT: Readonly<Record<string, number>> = { GetRecords: 1000 };
const OTHER_MAX_LIMIT = 100;

/**
 * Refuses what DynamoDB refuses before it looks anything up; DynamoDB Local answers some of it with an internal failure.
 * @throws AwsError ValidationException
 */
export function checkStreamRequest(operation: string, body: Json): void {
  for (const [name, rule] of Object.entries(TEXTS)) {
    const value = body[name];
    if (typeof value !== 'string') continue;
    checkText(value, memberOf(name), rule);
  }
  const limit = body['Limit'];
  if (typeof limit === 'number') checkNumber(limit, 'limit', 1, MAX_LIMIT[operation] ?? OTHER_MAX_LIMIT);
}

function memberOf(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
