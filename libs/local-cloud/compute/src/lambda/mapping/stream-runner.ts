import { AwsError, parseArn, type Caller } from '@outbox/local-cloud-kernel';
import {
  StreamReader,
  type Checkpoint,
  type GivenUp,
  type Outcome,
  type StreamReading,
  type StreamRecord,
} from '@outbox/local-cloud-streams';
import { sendTo } from '../async/result-target';
import { recordFunctionMetric } from '../function-metrics';
import { MAX_SYNC_BYTES } from '../limits';
import { type Invoked } from '../invoker';
import { functionArn, type FunctionName } from '../names';
import { succeeded } from './batch-answer';
import type { MappingRecord } from './mappings';
import { toEvents } from './records';
import type { RunnerParts } from './runner';

/** How a function dealt with a batch. */
interface FunctionOutcome extends Outcome {
  readonly requestId: string;
  /** Undefined when the function didn't run. */
  readonly invoked?: Invoked;
}

/** Where mappings stand in their streams. */
export interface StreamPositions {
  get(uuid: string, shardId: string): Checkpoint;
  set(uuid: string, shardId: string, checkpoint: Checkpoint): void;
}

/** The poller of one mapping of a stream: reads as the function's role, runs the function, batch after batch of each shard. */
export class StreamMappingRunner {
  readonly #stop = new AbortController();
  readonly #target: FunctionName;
  readonly #finished: Promise<void>;

  constructor(
    private readonly parts: RunnerParts,
    private readonly mapping: MappingRecord,
    private readonly stream: NonNullable<MappingRecord['stream']>,
    positions: StreamPositions,
  ) {
    this.#target = { ...mapping, name: mapping.functionName };
    this.#finished = new StreamReader(this.#reading(positions)).run().catch((error: unknown) => {
      parts.engine.log('error', 'event source mapping ended', { uuid: mapping.uuid, reason: String(error) });
      parts.report(mapping.uuid, 'PROBLEM: Stream not found');
    });
  }

  /** Reads no more; resolves when the batches that run are finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#finished;
  }

  #reading(positions: StreamPositions): StreamReading<FunctionOutcome> {
    const { mapping, parts, stream } = this;
    const { uuid, sourceArn, batchSize, windowSeconds } = mapping;
    const { region } = parseArn(sourceArn);
    return {
      who: { mapping: uuid },
      streamArn: sourceArn,
      region,
      settings: { ...stream, batchSize, windowSeconds },
      filters: mapping.filters ?? [],
      createdAt: mapping.createdAt,
      engine: parts.engine,
      signal: this.#stop.signal,
      positions: {
        get: (shardId) => positions.get(uuid, shardId),
        set: (shardId, checkpoint) => positions.set(uuid, shardId, checkpoint),
      },
      as: (signal) => ({ caller: this.#caller(), region, ...(signal ? { signal } : {}) }),
      deliver: (records) => this.#deliver(records),
      giveUp: (given) => this.#giveUp(given),
    };
  }

  /** Invokes the function with what fits into one event, then with the rest, until one fails. */
  async #deliver(records: readonly StreamRecord[]): Promise<FunctionOutcome> {
    const { engine } = this.parts;
    const requestId = engine.ids.uuid();
    let done = 0;
    for (const { records: fitting, payload } of toEvents(records, MAX_SYNC_BYTES, ({ event }) => event)) {
      const age = Math.max(0, engine.clock.now() - (fitting.at(-1)?.createdAt ?? 0));
      recordFunctionMetric(engine, this.#target, 'IteratorAge', age, 'Milliseconds');
      const { failedAt, ...outcome } = await this.#invoke(fitting, payload, requestId);
      if (failedAt !== undefined) return { ...outcome, failed: records.slice(done + failedAt), requestId };
      done += fitting.length;
    }
    this.parts.report(this.mapping.uuid, 'OK');
    return { failed: [], requestId };
  }

  async #invoke(
    records: readonly StreamRecord[],
    payload: Uint8Array,
    requestId: string,
  ): Promise<Omit<FunctionOutcome, 'failed' | 'requestId'> & { readonly failedAt?: number }> {
    const { uuid, reportsFailures } = this.mapping;
    try {
      const invoked = await this.parts.invoker.invoke(this.#target, payload, { requestId, isBackground: true });
      const ids = records.map(({ sequenceNumber }) => sequenceNumber);
      const taken = new Set(succeeded(ids, invoked, reportsFailures));
      // Everything from the first failure on is tried again. Source: Lambda developer guide, services-ddb-batchfailurereporting.
      const failedAt = ids.findIndex((id) => !taken.has(id));
      if (failedAt < 0) return {};
      this.parts.report(uuid, 'PROBLEM: Function call failed');
      return { failedAt, isFirstKnown: taken.size > 0, invoked, error: 'Function call failed' };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const isThrottled = error.code === 'TooManyRequestsException';
      this.parts.report(uuid, `PROBLEM: ${isThrottled ? 'Function call was throttled' : error.message}`);
      // Throttles and Lambda's own errors are no retries. Source: API reference, MaximumRetryAttempts.
      return { failedAt: 0, isNoAttempt: true, error: error.message };
    }
  }

  /** What AWS was recorded to send by LocalStack's test_dynamodb_event_source_mapping_with_on_failure_destination_config. */
  async #giveUp({ records, shardId, condition, attempts, outcome }: GivenUp<FunctionOutcome>): Promise<void> {
    const { engine } = this.parts;
    const fields = { mapping: this.mapping.uuid, condition, records: records.length };
    const { onFailure } = this.stream;
    if (!onFailure) return engine.log('error', 'records of a stream dropped: no destination for failures', fields);
    const invokedArn = functionArn(this.#target, this.#target.qualifier);
    const { invoked } = outcome ?? {};
    const functionError = invoked?.failed ? 'Unhandled' : null;
    const responseContext = { statusCode: 200, executedVersion: invoked?.executedVersion, functionError };
    const body = {
      requestContext: {
        requestId: outcome?.requestId ?? engine.ids.uuid(),
        functionArn: invokedArn,
        condition,
        approximateInvokeCount: attempts,
      },
      ...(invoked ? { responseContext } : {}),
      version: '1.0',
      timestamp: new Date(engine.clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: records[0]?.sequenceNumber,
        endSequenceNumber: records.at(-1)?.sequenceNumber,
        approximateArrivalOfFirstRecord: arrival(records[0]),
        approximateArrivalOfLastRecord: arrival(records.at(-1)),
        batchSize: records.length,
        streamArn: this.mapping.sourceArn,
      },
    };
    const delivery = { body: JSON.stringify(body), attributes: {}, succeeded: false, functionArn: invokedArn };
    try {
      await sendTo(engine, onFailure, delivery, this.#caller());
    } catch (error) {
      recordFunctionMetric(engine, this.#target, 'DestinationDeliveryFailures');
      engine.log('error', 'records of a stream dropped', { ...fields, reason: String(error) });
    }
  }

  #caller(): Caller {
    const { functions, roles } = this.parts;
    return roles.caller(functions.resolve(this.#target).version.role, 'lambda.amazonaws.com', this.#target.name);
  }
}

function arrival(record: StreamRecord | undefined): string | undefined {
  return record && `${new Date(record.createdAt).toISOString().slice(0, 19)}Z`;
}
