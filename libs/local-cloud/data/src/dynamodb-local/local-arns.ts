import { formatArn } from '@outbox/local-cloud-kernel';
import type { Place } from '../place';
import type { Json } from '../proxy/json';

/** What DynamoDB Local puts before every resource, whatever the account and region. */
const LOCAL = 'arn:aws:dynamodb:ddblocal:000000000000:';

/** Members that hold an ARN or start with one; an item's attributes are never plain strings, so names can't collide. */
const MEMBERS = new Set([
  'ExclusiveStartStreamArn',
  'IndexArn',
  'LastEvaluatedStreamArn',
  'LatestStreamArn',
  'NextShardIterator',
  'ShardIterator',
  'StreamArn',
  'TableArn',
]);

/** Names the caller's account and region in what DynamoDB Local answered. */
export function fromLocal(answer: Json, place: Place): Json {
  return rewrite(answer, LOCAL, formatArn('dynamodb', place.region, place.accountId, ''), place.region) as Json;
}

/** As `fromLocal`, for the ARNs in a sentence. */
export function textFromLocal(text: string, place: Place): string {
  return text.replaceAll(LOCAL, formatArn('dynamodb', place.region, place.accountId, ''));
}

/** The reverse, for what is sent to it. */
export function toLocal(body: Json, place: Place): Json {
  return rewrite(body, formatArn('dynamodb', place.region, place.accountId, ''), LOCAL) as Json;
}

function rewrite(value: unknown, from: string, to: string, region?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, from, to, region));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Json = {};
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') {
      if (MEMBERS.has(name) && member.startsWith(from)) copy[name] = to + member.slice(from.length);
      else copy[name] = name === 'awsRegion' && region ? region : member;
    } else {
      copy[name] = rewrite(member, from, to, region);
    }
  }
  return copy;
}
