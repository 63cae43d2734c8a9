import type { Shard } from '@aws-sdk/client-dynamodb-streams';
import { AwsError } from '@outbox/local-cloud-kernel';
import { backOff } from '../shared/back-off';
import type { DeliveryTools } from './batch-delivery';
import type { PipeStore } from './pipe-store';
import { ShardReader } from './shard-reader';

const BACK_OFF = { firstMs: 500, longestMs: 30_000 };
/** A stream without an open shard gets one with its next record; a closed shard's children show a moment later. */
const LOOK_AGAIN_MS = 1000;

/** Reads every shard of a pipe's stream, parents before children, until stopped. */
export class StreamRunner {
  readonly #readers = new Map<string, Promise<void>>();
  #gone: AwsError | undefined;

  constructor(
    private readonly store: PipeStore,
    private readonly tools: DeliveryTools,
  ) {}

  /**
   * Resolves when `signal` aborts and every reader has come to rest.
   * @throws AwsError ResourceNotFoundException when the stream is gone
   */
  async run(): Promise<void> {
    const { engine, signal, pipe } = this.tools;
    let failures = 0;
    while (!signal.aborted && !this.#gone) {
      try {
        this.#startReaders(await listShards(this.tools));
        failures = 0;
        await this.#change();
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof AwsError && error.code === 'ResourceNotFoundException') this.#gone = error;
        failures += 1;
        engine.log('warn', 'pipe could not look at its stream', { pipe: pipe.arn, error: String(error) });
        await engine.clock.sleep(this.#gone ? 0 : backOff(failures, BACK_OFF, engine.ids.random()), signal);
      }
    }
    await Promise.all(this.#readers.values());
    await this.tools.log.flushed();
    if (this.#gone) throw this.#gone;
  }

  #startReaders(shards: readonly Shard[]): void {
    const { pipe } = this.tools;
    const listed = new Set(shards.map(({ ShardId }) => ShardId));
    const finished = (id: string): boolean => this.store.checkpoint(pipe.arn, id).finished === true;
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      if (id === undefined || this.#readers.has(id) || finished(id)) continue;
      if (parent !== undefined && listed.has(parent) && !finished(parent)) continue;
      const position = {
        get: () => this.store.checkpoint(pipe.arn, id),
        set: (checkpoint: ReturnType<PipeStore['checkpoint']>) => this.store.setCheckpoint(pipe.arn, id, checkpoint),
      };
      const reading = new ShardReader(id, position, this.tools).run().catch((error: unknown) => {
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
    const { engine, signal, pipe } = this.tools;
    if (this.#readers.size > 0) await Promise.race(this.#readers.values());
    else await engine.signals.wait(pipe.source, LOOK_AGAIN_MS, signal);
  }
}

/** Every shard of the stream. @throws AwsError as DescribeStream answers the pipe's role */
export async function listShards({ pipe, role, engine, signal }: DeliveryTools): Promise<Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const input = { StreamArn: pipe.source, ExclusiveStartShardId: after };
    const { StreamDescription } = await engine.calls.call('dynamodbstreams', 'DescribeStream', input, role.as(signal));
    shards.push(...(StreamDescription?.Shards ?? []));
    after = StreamDescription?.LastEvaluatedShardId;
  } while (after !== undefined);
  return shards;
}
