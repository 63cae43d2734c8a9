import { AwsError } from '@outbox/local-cloud-kernel';
import { compilePattern, type EventPattern } from '@outbox/local-cloud-pattern';
import { backOff } from '../shared/back-off';
import { deliverBatch, type DeliveryTools } from './batch-delivery';
import type { Checkpoint } from './pipe-store';
import { pipeRecord, type PipeRecord } from './stream-record';

/** Records of one GetRecords (DynamoDB Streams API reference). */
const MAX_RECORDS = 1000;
/** Longest wait without a signal: iterators live 15 minutes. */
const IDLE_MS = 5 * 60_000;
/** A signal may run a little ahead of the stream; these looks follow it. */
const SETTLE_MS = [5, 20, 50, 100, 250, 500] as const;
const BACK_OFF = { firstMs: 500, longestMs: 30_000 };

/** Where a reader finds and leaves its position. */
export interface Position {
  get(): Checkpoint;
  set(checkpoint: Checkpoint): void;
}

/** Reads one shard to its end, batch by batch, and keeps its position after each. */
export class ShardReader {
  readonly #filters: readonly EventPattern[];
  readonly #buffer: PipeRecord[] = [];
  #bufferedSince = 0;
  #lastRead: string | undefined;
  #iterator: string | undefined;
  #emptyLooks = 0;

  constructor(
    private readonly shardId: string,
    private readonly position: Position,
    private readonly tools: DeliveryTools,
  ) {
    this.#filters = tools.pipe.filters.map(compilePattern);
  }

  /**
   * Resolves when the shard has ended, or `signal` aborts.
   * @throws AwsError ResourceNotFoundException when the stream is gone
   */
  async run(): Promise<void> {
    const { engine, signal, pipe } = this.tools;
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (await this.#round()) return;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof AwsError && error.code === 'ResourceNotFoundException') throw error;
        if (this.#restart(error)) continue;
        failures += 1;
        engine.log('warn', 'pipe could not read its stream', {
          pipe: pipe.arn,
          shard: this.shardId,
          error: String(error),
        });
        await engine.clock.sleep(backOff(failures, BACK_OFF, engine.ids.random()), signal);
      }
    }
  }

  /** One look at the stream and what follows from it; true at the end of the shard. */
  async #round(): Promise<boolean> {
    const { engine, signal, pipe } = this.tools;
    const now = engine.clock.now();
    const waiting = new AbortController();
    const stopWaiting = (): void => waiting.abort();
    signal.addEventListener('abort', stopWaiting, { once: true });
    // Before reading: a record that arrives meanwhile is not missed.
    const arrival = engine.signals.wait(pipe.source, this.#idleMs(now), waiting.signal);
    try {
      const { count, ended } = await this.#read();
      const delivered = await this.#deliver(ended);
      if (signal.aborted) return false;
      if (ended && this.#buffer.length === 0) {
        this.position.set({ ...this.position.get(), finished: true });
        return true;
      }
      if (count > 0 || delivered) return false;
      if (await arrival) this.#emptyLooks = 0;
      return false;
    } finally {
      stopWaiting();
      signal.removeEventListener('abort', stopWaiting);
    }
  }

  #idleMs(now: number): number {
    const settle = SETTLE_MS[this.#emptyLooks];
    const idle = settle ?? IDLE_MS;
    if (this.#buffer.length === 0) return idle;
    return Math.max(1, Math.min(idle, this.#windowEnd() - now));
  }

  #windowEnd(): number {
    return this.#bufferedSince + this.tools.pipe.stream.windowSeconds * 1000;
  }

  async #read(): Promise<{ count: number; ended: boolean }> {
    const { engine, role, signal, pipe } = this.tools;
    this.#iterator ??= await this.#openIterator();
    const input = { ShardIterator: this.#iterator, Limit: MAX_RECORDS };
    const output = await engine.calls.call('dynamodbstreams', 'GetRecords', input, role.as(signal));
    const records = (output.Records ?? []).map((record) => pipeRecord(record, pipe.source, pipe.region));
    this.#iterator = output.NextShardIterator;
    this.#emptyLooks = records.length === 0 ? this.#emptyLooks + 1 : 0;
    this.#lastRead = records.at(-1)?.sequenceNumber ?? this.#lastRead;
    const wanted = records.filter((record) => this.#wants(record));
    if (this.#buffer.length === 0) this.#bufferedSince = engine.clock.now();
    this.#buffer.push(...wanted);
    // Nothing to deliver: what was skipped is settled already.
    if (this.#buffer.length === 0 && records.length > 0) this.#settle(this.#lastRead);
    return { count: records.length, ended: output.NextShardIterator === undefined };
  }

  /** LATEST counts from the minute in which the pipe was made: DynamoDB Local rounds a record's time down to it. */
  #wants(record: PipeRecord): boolean {
    const { stream, createdAt } = this.tools.pipe;
    const since = Math.floor(createdAt / 60_000) * 60_000;
    if (stream.startingPosition === 'LATEST' && record.createdAt < since) return false;
    return this.#filters.length === 0 || this.#filters.some((filter) => filter.matches(record.event));
  }

  async #openIterator(): Promise<string> {
    const { engine, role, signal, pipe } = this.tools;
    const { sequenceNumber } = this.position.get();
    const from =
      sequenceNumber === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: sequenceNumber };
    const input = { StreamArn: pipe.source, ShardId: this.shardId, ...from };
    const { ShardIterator } = await engine.calls.call('dynamodbstreams', 'GetShardIterator', input, role.as(signal));
    return ShardIterator ?? '';
  }

  /** Delivers full batches, and the rest once its window is over or the shard has ended. */
  async #deliver(ended: boolean): Promise<boolean> {
    const { stream } = this.tools.pipe;
    let delivered = false;
    while (this.#buffer.length > 0 && !this.tools.signal.aborted) {
      const full = this.#buffer.length >= stream.batchSize;
      if (!full && !ended && this.tools.engine.clock.now() < this.#windowEnd()) break;
      const taken = this.#buffer.slice(0, stream.batchSize * stream.parallelizationFactor);
      if (!(await this.#deliverInLanes(taken))) break;
      this.#buffer.splice(0, taken.length);
      const settled = this.#buffer.length === 0 ? this.#lastRead : taken.at(-1)?.sequenceNumber;
      this.#settle(settled);
      delivered = true;
    }
    return delivered;
  }

  /** With a parallelization factor batches run side by side, but those of one item in one lane, in order. */
  async #deliverInLanes(records: readonly PipeRecord[]): Promise<boolean> {
    const { batchSize, parallelizationFactor } = this.tools.pipe.stream;
    if (parallelizationFactor === 1) {
      return deliverBatch(records, this.shardId, this.tools, (upTo) => this.#settle(upTo));
    }
    const lanes = new Map<number, PipeRecord[]>();
    for (const record of records) {
      const lane = laneOf(record.key, parallelizationFactor);
      lanes.set(lane, [...(lanes.get(lane) ?? []), record]);
    }
    const results = await Promise.all([...lanes.values()].map((lane) => this.#deliverLane(lane, batchSize)));
    return results.every(Boolean);
  }

  async #deliverLane(lane: readonly PipeRecord[], batchSize: number): Promise<boolean> {
    for (let at = 0; at < lane.length; at += batchSize) {
      const batch = lane.slice(at, at + batchSize);
      if (!(await deliverBatch(batch, this.shardId, this.tools, () => undefined))) return false;
    }
    return true;
  }

  #settle(sequenceNumber: string | undefined): void {
    if (sequenceNumber !== undefined) this.position.set({ sequenceNumber });
  }

  /** What the stream says about an iterator or position that no longer holds; true when reading can go on at once. */
  #restart(error: unknown): boolean {
    this.#iterator = undefined;
    this.#buffer.length = 0;
    if (!(error instanceof AwsError)) return false;
    if (error.code === 'TrimmedDataAccessException') {
      this.tools.engine.log('error', 'stream records were trimmed before the pipe read them', {
        pipe: this.tools.pipe.arn,
      });
      this.position.set({});
      return true;
    }
    return error.code === 'ExpiredIteratorException';
  }
}

function laneOf(key: string, lanes: number): number {
  let hash = 0;
  for (const character of key) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return Math.abs(hash) % lanes;
}
