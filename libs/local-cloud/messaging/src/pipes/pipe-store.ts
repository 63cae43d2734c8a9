import type {
  PipeEnrichmentParameters,
  PipeLogConfigurationParameters,
  PipeState,
  PipeTargetParameters,
} from '@aws-sdk/client-pipes';
import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { Checkpoint, StreamSettings } from '@outbox/local-cloud-streams';
import { pipeNotFound } from './errors';

/** How a pipe reads its stream, and where what it gives up goes. */
export interface StreamSource extends StreamSettings {
  readonly deadLetterArn?: string;
}

/** How a pipe reads its queue. */
export interface QueueSource {
  readonly batchSize: number;
  readonly windowSeconds: number;
}

/** A pipe as kept in the state store; times are epoch milliseconds. */
export interface StoredPipe {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly roleArn: string;
  readonly source: string;
  /** Of a source that is a stream. */
  readonly stream?: StreamSource;
  /** Of a source that is a queue. */
  readonly queue?: QueueSource;
  readonly filters: readonly string[];
  readonly enrichment?: string;
  readonly enrichmentParameters?: PipeEnrichmentParameters;
  readonly target: string;
  readonly targetParameters?: PipeTargetParameters;
  readonly log?: PipeLogConfigurationParameters;
  readonly description?: string;
  /** The customer's key as it was given: id, ARN or alias. */
  readonly kmsKey?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly desiredState: 'RUNNING' | 'STOPPED';
  readonly state: PipeState;
  readonly stateReason?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Pipes of all accounts and regions, and where each stands in its stream. */
export class PipeStore {
  readonly pipes: Table<StoredPipe>;
  readonly #checkpoints: Table<Checkpoint>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.pipes = engine.store.table('pipes.pipes');
    this.#checkpoints = engine.store.table('pipes.checkpoints');
  }

  /** @throws AwsError NotFoundException */
  get(arn: string, name: string): StoredPipe {
    const pipe = this.pipes.get(arn);
    if (!pipe) throw pipeNotFound(name);
    return pipe;
  }

  /** Changes a pipe that still exists; answers what is kept now. */
  change(arn: string, changes: Partial<StoredPipe>): StoredPipe | undefined {
    const pipe = this.pipes.get(arn);
    if (!pipe) return undefined;
    const changed = { ...pipe, ...changes };
    this.pipes.set(arn, changed);
    return changed;
  }

  /** Forgets the pipe and where it stood: one of the same name starts anew. */
  remove(arn: string): void {
    this.pipes.delete(arn);
    for (const key of [...this.#checkpoints.keys()]) if (key.startsWith(`${arn} `)) this.#checkpoints.delete(key);
  }

  checkpoint(pipeArn: string, shardId: string): Checkpoint {
    return this.#checkpoints.get(`${pipeArn} ${shardId}`) ?? {};
  }

  setCheckpoint(pipeArn: string, shardId: string, checkpoint: Checkpoint): void {
    this.#checkpoints.set(`${pipeArn} ${shardId}`, checkpoint);
  }
}
