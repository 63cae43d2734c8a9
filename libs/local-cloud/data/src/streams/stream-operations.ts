import type { Engine, RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import { fromLocal, streamOfIterator, tableOfStream, toLocal } from '../proxy/arns';
import { objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import type { LocalClient } from '../server/client';
import type { TableKeys } from '../tables/table-keys';
import type { ExpiredItems } from './expired-items';
import { checkStreamRequest } from './stream-checks';
import type { StreamTimes } from './stream-times';

/** How long a stream keeps records. Source: developer guide, "Change data capture for DynamoDB Streams". */
const RETENTION_MS = 24 * 3_600_000;
/** DynamoDB Local rounds a record's time down to the minute. */
const ROUNDING_MS = 60_000;

/** Who an expired item's removal is by. Source: streams API reference, Record.userIdentity. */
const EXPIRY_IDENTITY = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };

/**
 * Streams: DynamoDB Local's, with times by the engine's clock, expired items marked as such, and records gone after
 * 24 hours.
 */
export function streamOperations(
  engine: Pick<Engine, 'clock'>,
  client: LocalClient,
  times: StreamTimes,
  expired: ExpiredItems,
  keys: TableKeys,
): JsonOperations {
  const forward = async (body: Json, context: RequestContext): Promise<Json> => {
    checkStreamRequest(context.operation, body);
    return fromLocal(await client.call('dynamodbstreams', context.operation, toLocal(body, context), context), context);
  };
  const onStream = (body: Json, context: RequestContext): readonly Requirement[] => [
    { action: `dynamodb:${context.operation}`, resource: textAt(body, 'StreamArn') || '*' },
  ];
  const isKept = (record: Json): boolean => {
    const createdAt = Number(objectAt(record, 'dynamodb')['ApproximateCreationDateTime']) * 1000;
    return createdAt + ROUNDING_MS + RETENTION_MS > engine.clock.now();
  };
  return {
    // Grants on all streams only; reading one is the other operations' affair. Source: Service Authorization Reference.
    ListStreams: { requires: () => [{ action: 'dynamodb:ListStreams', resource: '*' }], run: forward },
    DescribeStream: { requires: onStream, run: forward },
    GetShardIterator: { requires: onStream, run: forward },
    GetRecords: {
      requires: (body) => [
        { action: 'dynamodb:GetRecords', resource: streamOfIterator(textAt(body, 'ShardIterator')) || '*' },
      ],
      run: async (body, context) => {
        const streamArn = streamOfIterator(textAt(body, 'ShardIterator'));
        await keys.open([tableOfStream(streamArn)], context);
        const answer = await forward(body, context);
        const records = objectsAt(answer, 'Records').map((record) => stamp(record, streamArn, times, expired));
        return { ...answer, Records: records.filter(isKept) };
      },
    },
  };
}

function stamp(record: Json, streamArn: string, times: StreamTimes, expired: ExpiredItems): Json {
  const change = objectAt(record, 'dynamodb');
  const offsetMs = times.offsetOf(streamArn, textAt(change, 'SequenceNumber'));
  const realSeconds = Number(change['ApproximateCreationDateTime']);
  return {
    ...record,
    dynamodb: { ...change, ApproximateCreationDateTime: Math.floor(realSeconds + offsetMs / 1000) },
    ...(expired.includes(streamArn, record) ? { userIdentity: EXPIRY_IDENTITY } : {}),
  };
}
