import { AwsError } from '@outbox/local-cloud-kernel';
import type { Json } from '../json';
import type { Tables } from '../tables';
import { comparable } from './comparable';
import type { Request } from './requests';

/** What came of a call. */
export type Answer =
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly type: string; readonly message: string; readonly members: Json };

/** Something that answers DynamoDB's calls. */
export type Peer = (request: Request) => Promise<Answer>;

const PLACE = { accountId: '000000000000', region: 'us-east-1' };

export function ourPeer(tables: Tables): Peer {
  return async ({ operation, body }) => {
    try {
      // As off the wire and onto it.
      const answer = tables.call(operation, JSON.parse(JSON.stringify(body)) as Json, PLACE);
      return { ok: true, body: JSON.parse(JSON.stringify(answer)) as Json };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const members = JSON.parse(JSON.stringify(error.members)) as Json;
      return { ok: false, type: error.code, message: error.message, members };
    }
  };
}

export function dynamoDbLocalPeer(endpoint: string): Peer {
  return async ({ operation, body }) => {
    const api = STREAMS.has(operation) ? 'DynamoDBStreams_20120810' : 'DynamoDB_20120810';
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${api}.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=peer/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Json;
    if (response.ok) return { ok: true, body: answer };
    const { __type: type, message, Message, ...members } = answer;
    return {
      ok: false,
      type: String(type).split('#').at(-1) ?? '',
      message: String(Message ?? message ?? ''),
      members,
    };
  };
}

const STREAMS = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords']);

/** A query or scan to its last page, as one answer. */
export async function allPages(peer: Peer, request: Request): Promise<Answer> {
  const items: unknown[] = [];
  let [count, scanned] = [0, 0];
  let start: unknown;
  do {
    const body = { ...request.body, ...(start === undefined ? {} : { ExclusiveStartKey: start }) };
    const answer = await peer({ ...request, body });
    if (!answer.ok) return answer;
    items.push(...((answer.body['Items'] as unknown[] | undefined) ?? []));
    count += Number(answer.body['Count']);
    scanned += Number(answer.body['ScannedCount']);
    start = answer.body['LastEvaluatedKey'];
  } while (start !== undefined);
  return { ok: true, body: { Items: items, Count: count, ScannedCount: scanned } };
}

/** Every change in a table's stream, by item, in order. */
export async function changesByItem(peer: Peer, table: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const bodyOf = async (operation: string, body: Json): Promise<Json> => {
    const answer = await peer({ operation, body });
    if (!answer.ok) throw new Error(`${operation}: ${answer.message}`);
    return answer.body;
  };
  const { Table } = await bodyOf('DescribeTable', { TableName: table });
  const StreamArn = (Table as Json)['LatestStreamArn'];
  const { StreamDescription } = await bodyOf('DescribeStream', { StreamArn });
  const changes: Record<string, unknown[]> = {};
  for (const { ShardId } of (StreamDescription as { Shards: { ShardId: string }[] }).Shards) {
    const position = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await bodyOf('GetShardIterator', position);
    for (;;) {
      const { Records, NextShardIterator } = await bodyOf('GetRecords', { ShardIterator });
      const records = Records as { eventName: string; dynamodb: Json }[];
      for (const { eventName, dynamodb } of records) {
        const { Keys, NewImage, OldImage, StreamViewType } = dynamodb;
        const key = JSON.stringify(comparable(Keys));
        (changes[key] ??= []).push({ eventName, Keys, NewImage, OldImage, StreamViewType });
      }
      if (records.length === 0 || NextShardIterator === undefined) break;
      ShardIterator = NextShardIterator;
    }
  }
  return changes;
}
