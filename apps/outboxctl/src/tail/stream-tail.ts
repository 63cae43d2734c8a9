import { DescribeTableCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type DynamoDBStreamsClient,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import type { LiveEvent, Published, Tail } from '@outbox/console-api';
import { isOutboxItem, unmarshalOutboxItem } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import { aggregateOfKey } from '../aggregate-key';

/** Told at a time; a page shows no more, and what it doesn't read waits in memory. */
const MAX_EVENTS = 300;
/** Shards come and go every four hours. */
const SHARDS_EVERY_MS = 60_000;

/**
 * What is committed and acknowledged, from the stream of the outbox's table. A stream's shard serves two readers, and the
 * pipe is one of them: whoever follows must be the only other, and stop when nobody looks.
 */
export class StreamTail {
  readonly #iterators = new Map<string, string>();
  #streamArn: string | undefined;
  #shardsAt = -Infinity;
  /** Read, and not told yet: a shard after them could not be read. */
  #records: _Record[] = [];

  constructor(
    private readonly clients: { readonly dynamodb: DynamoDBClient; readonly streams: DynamoDBStreamsClient },
    private readonly tableName: string,
    private readonly now: () => number,
  ) {}

  /**
   * What came since the last call; nothing the first time.
   * @throws what AWS throws; whoever calls again misses nothing
   */
  async next(): Promise<Tail> {
    if (this.now() - this.#shardsAt >= SHARDS_EVERY_MS) await this.#findShards();
    for (const [shard, ShardIterator] of [...this.#iterators]) {
      const { Records = [], NextShardIterator } = await this.clients.streams.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      if (NextShardIterator === undefined) this.#iterators.delete(shard);
      else this.#iterators.set(shard, NextShardIterator);
      this.#records.push(...Records);
    }
    const records = this.#records;
    this.#records = [];
    return tailOf(this.tableName, records);
  }

  /** Forgets where it was: whoever follows again begins with what comes then. */
  reset(): void {
    this.#iterators.clear();
    this.#shardsAt = -Infinity;
    this.#records = [];
  }

  async #findShards(): Promise<void> {
    const { streams, dynamodb } = this.clients;
    this.#streamArn ??= (await dynamodb.send(new DescribeTableCommand({ TableName: this.tableName }))).Table
      ?.LatestStreamArn;
    const StreamArn = this.#streamArn;
    if (StreamArn === undefined) throw new Error(`table ${this.tableName} has no stream`);
    const isFirst = this.#shardsAt === -Infinity;
    const now = this.now();
    let ExclusiveStartShardId: string | undefined;
    do {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }));
      const open = (StreamDescription?.Shards ?? []).filter(
        ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined,
      );
      for (const { ShardId = '' } of open) {
        if (this.#iterators.has(ShardId)) continue;
        // One that begins while somebody follows is read from its begin.
        const ShardIteratorType = isFirst ? 'LATEST' : 'TRIM_HORIZON';
        const begin = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType }));
        if (begin.ShardIterator !== undefined) this.#iterators.set(ShardId, begin.ShardIterator);
      }
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId !== undefined);
    this.#shardsAt = now;
  }
}

/** What records of the stream say: events that were committed, and those that came off the bus. Pure. */
export function tailOf(tableName: string, records: readonly _Record[]): Tail {
  const events: LiveEvent[] = [];
  const published: Published[] = [];
  for (const { eventName, dynamodb } of records) {
    const item = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
    if (item === undefined || !isOutboxItem(item)) continue;
    const stored = readable(() => unmarshalOutboxItem(tableName, item));
    const about = stored && aggregateOfKey(stored.pk);
    if (!stored || !about) continue;
    if (eventName === 'INSERT') {
      const { id: eventId, type, committedAt, detail } = stored;
      events.push({ ...about, sequence: sequenceOf(stored), eventId, type, committedAt, detail: parsed(detail) });
    } else if (eventName === 'MODIFY' && stored.publishedAt !== undefined) {
      published.push({ eventId: stored.id, publishedAt: stored.publishedAt });
    }
  }
  const left = Math.max(0, events.length - MAX_EVENTS);
  return { events: events.slice(left), published: published.slice(-MAX_EVENTS), left };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
