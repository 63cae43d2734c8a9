import { AwsError } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { numberAt, objectAt, textAt, type Json } from '../json';
import { streamArn, type StoredRecord, type StreamStore } from '../storage/stream-store';
import type { Place, StreamDefinition } from '../tables/definition';
import { describeKeys } from '../tables/describe';
import { formatIterator, readIterator } from './iterator';
import { formatSequence, readSequence } from './sequence';
import { MAX_LISTED, MAX_RECORDS, MAX_RECORDS_BYTES } from '../limits';

/** DynamoDB Streams. A stream is one shard: DynamoDB tells nobody when it makes another. */
export class StreamOperations {
  constructor(
    private readonly streams: StreamStore,
    private readonly now: () => number,
  ) {}

  listStreams(body: Json, place: Place): Json {
    const tableName = textAt(body, 'TableName');
    const start = textAt(body, 'ExclusiveStartStreamArn');
    const all = this.streams.all(place).filter((stream) => tableName === undefined || stream.tableName === tableName);
    const from = start === undefined ? 0 : all.findIndex((stream) => streamArn(stream) === start) + 1;
    const limit = numberAt(body, 'Limit') ?? MAX_LISTED;
    const page = all.slice(from, from + limit);
    const last = page.at(-1);
    return {
      Streams: page.map((stream) => ({
        StreamArn: streamArn(stream),
        TableName: stream.tableName,
        StreamLabel: stream.label,
      })),
      ...(last && from + page.length < all.length ? { LastEvaluatedStreamArn: streamArn(last) } : {}),
    };
  }

  describeStream(body: Json): Json {
    const arn = textAt(body, 'StreamArn') ?? '';
    const stream = this.streams.get(arn);
    if (!stream) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
    }
    const { firstSequence, lastSequence } = stream;
    const isBehind = textAt(body, 'ExclusiveStartShardId') === shardIdOf(stream);
    const shard = {
      ShardId: shardIdOf(stream),
      SequenceNumberRange: {
        StartingSequenceNumber: formatSequence(firstSequence),
        ...(lastSequence === undefined ? {} : { EndingSequenceNumber: formatSequence(lastSequence) }),
      },
    };
    return {
      StreamDescription: {
        StreamArn: arn,
        StreamLabel: stream.label,
        StreamStatus: lastSequence === undefined ? 'ENABLED' : 'DISABLED',
        StreamViewType: stream.viewType,
        CreationRequestDateTime: stream.createdAt / 1000,
        TableName: stream.tableName,
        KeySchema: describeKeys(stream.keys),
        Shards: isBehind ? [] : [shard],
      },
    };
  }

  getShardIterator(body: Json): Json {
    const arn = textAt(body, 'StreamArn') ?? '';
    const stream = this.streams.get(arn);
    if (!stream) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
    }
    if (textAt(body, 'ShardId') !== shardIdOf(stream)) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Shard does not exist: ${textAt(body, 'ShardId') ?? ''}`,
      );
    }
    return { ShardIterator: formatIterator({ streamArn: arn, from: this.#start(body, stream), madeAt: this.now() }) };
  }

  getRecords(body: Json): Json {
    const iterator = readIterator(textAt(body, 'ShardIterator') ?? '', this.now());
    const stream = this.streams.get(iterator.streamArn);
    if (!stream) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Stream: ${iterator.streamArn} not found`,
      );
    }
    const limit = numberAt(body, 'Limit') ?? MAX_RECORDS;
    const records = firstBytes(this.streams.read(stream.id, iterator.from, limit));
    const last = records.at(-1);
    const from = last ? last.sequence + 1 : iterator.from;
    const isAtEnd = stream.lastSequence !== undefined && (records.length === 0 || from > stream.lastSequence);
    return {
      Records: records.map(describeRecord),
      ...(isAtEnd
        ? {}
        : { NextShardIterator: formatIterator({ streamArn: iterator.streamArn, from, madeAt: this.now() }) }),
    };
  }

  /** The number of the first record an iterator gives. */
  #start(body: Json, stream: StreamDefinition): number {
    const type = textAt(body, 'ShardIteratorType');
    const given = textAt(body, 'SequenceNumber');
    if (type === 'TRIM_HORIZON' || type === 'LATEST') {
      if (given !== undefined) {
        throw validation(
          'One or more parameter values were invalid: SequenceNumber should not be passed for this iterator type',
        );
      }
      return type === 'LATEST' ? this.streams.lastSequence() + 1 : stream.firstSequence;
    }
    const sequence = given === undefined ? undefined : readSequence(given);
    if (sequence === undefined || sequence > (stream.lastSequence ?? this.streams.lastSequence() + 1)) {
      throw validation('One or more parameter values were invalid: Invalid SequenceNumber');
    }
    return type === 'AFTER_SEQUENCE_NUMBER' ? sequence + 1 : sequence;
  }
}

/** 28 to 65 characters, as AWS's model wants it. */
function shardIdOf({ id, createdAt }: StreamDefinition): string {
  return `shardId-${String(createdAt).padStart(20, '0')}-${id.toString(16).padStart(8, '0')}`;
}

/** As many as one answer may hold, and one at least. */
function firstBytes(records: readonly StoredRecord[]): readonly StoredRecord[] {
  let bytes = 0;
  const end = records.findIndex(({ record }) => {
    bytes += numberAt(objectAt(record, 'dynamodb') ?? {}, 'SizeBytes') ?? 0;
    return bytes > MAX_RECORDS_BYTES;
  });
  return end === -1 ? records : records.slice(0, Math.max(1, end));
}

function describeRecord({ sequence, at, record }: StoredRecord): Json {
  return {
    ...record,
    dynamodb: {
      ...objectAt(record, 'dynamodb'),
      ApproximateCreationDateTime: Math.floor(at / 1000),
      SequenceNumber: formatSequence(sequence),
    },
  };
}
