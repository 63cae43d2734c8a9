import { AwsError } from '@outbox/local-cloud-kernel';
import type { Json } from '../proxy/json';

interface TextRule {
  readonly least: number;
  readonly most: number;
  readonly pattern?: RegExp;
}

const STREAM_ARN: TextRule = {
  least: 37,
  most: 1024,
  pattern: /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[a-zA-Z0-9_.-]+\/stream\/[\w:.-]+$/,
};
const SHARD_ID: TextRule = { least: 28, most: 65, pattern: /^shardId-[\w-]+$/ };

/** Source: DynamoDB Streams API reference, the constraints of each parameter. */
const TEXTS: Readonly<Record<string, TextRule>> = {
  StreamArn: STREAM_ARN,
  ExclusiveStartStreamArn: STREAM_ARN,
  ShardId: SHARD_ID,
  ExclusiveStartShardId: SHARD_ID,
  SequenceNumber: { least: 21, most: 40, pattern: /^\d+$/ },
  ShardIterator: { least: 1, most: 2048 },
  TableName: { least: 3, most: 255, pattern: /^[a-zA-Z0-9_.-]+$/ },
};

const ITERATOR_TYPES = ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'];

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
    if (value.length < rule.least) {
      throw broken(name, value, `Member must have length greater than or equal to ${rule.least}`);
    }
    if (value.length > rule.most) {
      throw broken(name, value, `Member must have length less than or equal to ${rule.most}`);
    }
    if (rule.pattern && !rule.pattern.test(value)) {
      throw broken(name, value, `Member must satisfy regular expression pattern: ${rule.pattern.source.slice(1, -1)}`);
    }
  }
  const type = body['ShardIteratorType'];
  if (typeof type === 'string' && !ITERATOR_TYPES.includes(type)) {
    throw broken('ShardIteratorType', type, `Member must satisfy enum value set: [${ITERATOR_TYPES.join(', ')}]`);
  }
  const limit = body['Limit'];
  const most = MAX_LIMIT[operation] ?? OTHER_MAX_LIMIT;
  if (typeof limit !== 'number') return;
  if (limit < 1) throw broken('Limit', String(limit), 'Member must have value greater than or equal to 1');
  if (limit > most) throw broken('Limit', String(limit), `Member must have value less than or equal to ${most}`);
}

function broken(name: string, value: string, constraint: string): AwsError {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
