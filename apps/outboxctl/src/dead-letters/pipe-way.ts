import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import { CorruptItemError, type Item } from '@outbox/function-kit';
import { isOutboxItem, readItem, readOutboxSummary, writeRearmed, type OutboxTable } from '@outbox/outbox-dynamodb';
import { eventKey, rearm, sequenceOf } from '@outbox/outbox-rules';
import { aggregateOfKey, keyOfAggregate } from '../aggregate-key';
import { eventsOf, type DeadEvent, type DeadLetter } from './dead-letter';
import type { StreamPosition } from './stream-position';
import type { Way } from './way';

/**
 * The pipe's dead letters with the events of the records that they name. The stream has them for a day (DynamoDB developer
 * guide, Streams); then a letter's events are no longer known.
 */
export function withEvents(
  streams: DynamoDBStreamsClient,
  tableName: string,
  letters: readonly DeadLetter[],
): Promise<readonly DeadLetter[]> {
  return Promise.all(
    letters.map(async (letter) =>
      letter.position ? { ...letter, events: await recordedEvents(streams, tableName, letter.position) } : letter,
    ),
  );
}

/**
 * A pipe's dead letter is dealt with once each of its events is published, or about to be: one that waits is made due for
 * the sweeper at once. One that the sweeper gave up stays, and so does a letter whose events aren't known.
 */
export function pipeWay(outbox: OutboxTable, now: () => number): Way {
  const isOnItsWay = async (event: DeadEvent): Promise<boolean> => {
    const key = { pk: keyOfAggregate(event), sk: eventKey(event.sequence) };
    const item = await readItem(outbox, key).catch((error: unknown) => {
      if (error instanceof CorruptItemError) return 'unreadable' as const;
      throw error;
    });
    if (item === 'unreadable') return false;
    // Published, erased, or removed by retention once it was published.
    if (item?.unpublishedShard === undefined) return item?.failedAt === undefined;
    return writeRearmed(outbox, key, rearm(key.pk, now()), { only: 'existing' });
  };
  return {
    canBringBack: (letter) => eventsOf(letter).length > 0,
    bringBack: async (batch) => {
      const taken: DeadLetter[] = [];
      for (const letter of batch) {
        const all = await Promise.all(eventsOf(letter).map(isOnItsWay));
        if (all.every(Boolean)) taken.push(letter);
      }
      return { taken, failed: [] };
    },
  };
}

/** Pages without records that are read in a row: a shard may have some anywhere (API reference, GetRecords). */
const MAX_EMPTY_PAGES = 20;

/** The events among the records of a place in the stream; none unless it still has all of them. */
async function recordedEvents(
  streams: DynamoDBStreamsClient,
  tableName: string,
  { streamArn: StreamArn, shardId: ShardId, startSequenceNumber, endSequenceNumber }: StreamPosition,
): Promise<readonly DeadEvent[]> {
  const events: DeadEvent[] = [];
  const last = BigInt(endSequenceNumber);
  try {
    let { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn,
        ShardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      }),
    );
    for (let empty = 0; ShardIterator !== undefined && empty < MAX_EMPTY_PAGES;) {
      const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
      for (const { eventName, dynamodb } of Records) {
        if (BigInt(dynamodb?.SequenceNumber ?? 0) > last) return events;
        const event =
          eventName === 'INSERT' ? readRecord(tableName, dynamodb?.NewImage as Item | undefined) : undefined;
        if (event) events.push(event);
        if (BigInt(dynamodb?.SequenceNumber ?? 0) === last) return events;
      }
      empty = Records.length === 0 ? empty + 1 : 0;
      ShardIterator = NextShardIterator;
    }
    return [];
  } catch (error) {
    if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

function readRecord(tableName: string, item: Item | undefined): DeadEvent | undefined {
  if (item === undefined || !isOutboxItem(item)) return undefined;
  try {
    const summary = readOutboxSummary(tableName, item);
    const about = aggregateOfKey(summary.pk);
    return about && { ...about, eventId: summary.id, type: summary.type, sequence: sequenceOf(summary) };
  } catch (error) {
    if (error instanceof CorruptItemError) return undefined;
    throw error;
  }
}
