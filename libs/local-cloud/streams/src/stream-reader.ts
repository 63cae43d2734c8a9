import type { Shard } from '@aws-sdk/client-dynamodb-streams';
import { AwsError, backOff } from '@outbox/local-cloud-kernel';
import type { Outcome, StreamReading } from './reading';
import { ShardReader } from './shard-reader';

const BACK_OFF = { firstMs: 500, longestMs: 30_000 };
/** A stream without an open shard gets one with its next record; a closed shard's children show a moment later. */
const LOOK_AGAIN_MS = 1000;

/** Reads every shard of a stream, parents before children, until stopped. */
export class StreamReader<O extends Outcome> {
  readonly #readers = new Map<string, Promise<void>>();
  #gone: AwsError | undefined;

  constructor(private readonly reading: StreamReading<O>) {}

  /**
   * Resolves when `signal` aborts and every reader has come to rest.
   * @throws AwsError ResourceNotFoundException when the stream is gone
   */
  async run(): Promise<void> {
    const { engine, signal } = this.reading;
    let failures = 0;
    while (!signal.aborted && !this.#gone) {
      try {
        this.#startReaders(await listShards(this.reading));
        failures = 0;
        await this.#change();
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof AwsError && error.code === 'ResourceNotFoundException') this.#gone = error;
        failures += 1;
        engine.log('warn', 'a stream could not be looked at', { ...this.reading.who, error: String(error) });
        await engine.clock.sleep(this.#gone ? 0 : backOff(failures, BACK_OFF, engine.ids.random()), signal);
      }
    }
    await Promise.all(this.#readers.values());
    if (this.#gone) throw this.#gone;
  }

  #startReaders(shards: readonly Shard[]): void {
    const listed = new Set(shards.map(({ ShardId }) => ShardId));
    const finished = (id: string): boolean => this.reading.positions.get(id).finished === true;
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      if (id === undefined || this.#readers.has(id) || finished(id)) continue;
      if (parent !== undefined && listed.has(parent) && !finished(parent)) continue;
      const reading = new ShardReader(id, this.reading).run().catch((error: unknown) => {
        if (error instanceof AwsError) this.#gone = error;
        else throw error;
      });
      this.#readers.set(
        id,
        reading.finally(() => this.#readers.delete(id)),
      );
    }
  }

  /** Waits until a shard has been read to its end; without shards, until the stream gets a record. */
  async #change(): Promise<void> {
    const { engine, signal } = this.reading;
    if (this.#readers.size > 0) await Promise.race(this.#readers.values());
    else await engine.signals.wait(this.reading.streamArn, LOOK_AGAIN_MS, signal);
  }
}

/** Every shard of the stream. @throws AwsError as DescribeStream answers the role that reads */
export async function listShards(
  reading: Pick<StreamReading, 'streamArn' | 'engine' | 'signal' | 'as'>,
): Promise<Shard[]> {
  const { streamArn, engine, signal } = reading;
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const input = { StreamArn: streamArn, ExclusiveStartShardId: after };
    const { StreamDescription } = await engine.calls.call(
      'dynamodbstreams',
      'DescribeStream',
      input,
      reading.as(signal),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    after = StreamDescription?.LastEvaluatedShardId;
  } while (after !== undefined);
  return shards;
}
