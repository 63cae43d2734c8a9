import { AwsError, backOff } from '@outbox/local-cloud-kernel';
import { compilePattern, type EventPattern } from '@outbox/local-cloud-pattern';
import { deliverBatch } from './deliver-batch';
import type { Checkpoint, Outcome, StreamReading } from './reading';
import { streamRecord, type StreamRecord } from './stream-record';

/** Records of one GetRecords (DynamoDB Streams API reference). */
const MAX_RECORDS = 1000;
/** Longest wait without a signal: iterators live 15 minutes. */
const IDLE_MS = 5 * 60_000;
/** A signal may run a little ahead of the stream; these looks follow it. */
const SETTLE_MS = [5, 20, 50, 100, 250, 500] as const;
const BACK_OFF = { firstMs: 500, longestMs: 30_000 };

/** Reads one shard to its end, batch by batch, and keeps its position after each. */
export class ShardReader<O extends Outcome> {
  readonly #filters: readonly EventPattern[];
  readonly #buffer: StreamRecord[] = [];
  #bufferedSince = 0;
  #lastRead: string | undefined;
  #iterator: string | undefined;
  #emptyLooks = 0;

  constructor(
    private readonly shardId: string,
    private readonly reading: StreamReading<O>,
  ) {
    this.#filters = reading.filters.map(compilePattern);
  }

  /**
   * Resolves when the shard has ended, or `signal` aborts.
   * @throws AwsError ResourceNotFoundException when the stream is gone
   */
  async run(): Promise<void> {
    const { engine, signal } = this.reading;
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
        const fields = { ...this.reading.who, shard: this.shardId, error: String(error) };
        engine.log('warn', 'a stream could not be read', fields);
        await engine.clock.sleep(backOff(failures, BACK_OFF, engine.ids.random()), signal);
      }
    }
  }

  /** One look at the stream and what follows from it; true at the end of the shard. */
  async #round(): Promise<boolean> {
    const { engine, signal } = this.reading;
    const now = engine.clock.now();
    const waiting = new AbortController();
    const stopWaiting = (): void => waiting.abort();
    signal.addEventListener('abort', stopWaiting, { once: true });
    // Before reading: a record that arrives meanwhile is not missed.
    const arrival = engine.signals.wait(this.reading.streamArn, this.#idleMs(now), waiting.signal);
    try {
      const { count, ended } = await this.#read();
      const delivered = await this.#deliver(ended);
      if (signal.aborted) return false;
      if (ended && this.#buffer.length === 0) {
        this.reading.positions.set(this.shardId, { ...this.#position(), finished: true });
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

  #position(): Checkpoint {
    return this.reading.positions.get(this.shardId);
  }

  #idleMs(now: number): number {
    const settle = SETTLE_MS[this.#emptyLooks];
    const idle = settle ?? IDLE_MS;
    if (this.#buffer.length === 0) return idle;
    return Math.max(1, Math.min(idle, this.#windowEnd() - now));
  }

  #windowEnd(): number {
    return this.#bufferedSince + this.reading.settings.windowSeconds * 1000;
  }

  async #read(): Promise<{ count: number; ended: boolean }> {
    const { engine, signal, streamArn, region } = this.reading;
    this.#iterator ??= await this.#openIterator();
    const input = { ShardIterator: this.#iterator, Limit: MAX_RECORDS };
    const output = await engine.calls.call('dynamodbstreams', 'GetRecords', input, this.reading.as(signal));
    const records = (output.Records ?? []).map((record) => streamRecord(record, streamArn, region));
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

  /** LATEST counts from the minute in which the reader was made: DynamoDB Local rounds a record's time down to it. */
  #wants(record: StreamRecord): boolean {
    const { settings, createdAt } = this.reading;
    const since = Math.floor(createdAt / 60_000) * 60_000;
    if (settings.startingPosition === 'LATEST' && record.createdAt < since) return false;
    return this.#filters.length === 0 || this.#filters.some((filter) => filter.matches(record.event));
  }

  async #openIterator(): Promise<string> {
    const { engine, signal, streamArn } = this.reading;
    const { sequenceNumber } = this.#position();
    const from =
      sequenceNumber === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: sequenceNumber };
    const input = { StreamArn: streamArn, ShardId: this.shardId, ...from };
    const { ShardIterator } = await engine.calls.call(
      'dynamodbstreams',
      'GetShardIterator',
      input,
      this.reading.as(signal),
    );
    return ShardIterator ?? '';
  }

  /** Delivers full batches, and the rest once its window is over or the shard has ended. */
  async #deliver(ended: boolean): Promise<boolean> {
    const { settings } = this.reading;
    let delivered = false;
    while (this.#buffer.length > 0 && !this.reading.signal.aborted) {
      const full = this.#buffer.length >= settings.batchSize;
      if (!full && !ended && this.reading.engine.clock.now() < this.#windowEnd()) break;
      const taken = this.#buffer.slice(0, settings.batchSize * settings.parallelizationFactor);
      if (!(await this.#deliverInLanes(taken))) break;
      this.#buffer.splice(0, taken.length);
      const settled = this.#buffer.length === 0 ? this.#lastRead : taken.at(-1)?.sequenceNumber;
      this.#settle(settled);
      delivered = true;
    }
    return delivered;
  }

  /** With a parallelization factor batches run side by side, but those of one item in one lane, in order. */
  async #deliverInLanes(records: readonly StreamRecord[]): Promise<boolean> {
    const { batchSize, parallelizationFactor } = this.reading.settings;
    if (parallelizationFactor === 1) {
      return deliverBatch(records, this.shardId, this.reading, (upTo) => this.#settle(upTo));
    }
    const lanes = new Map<number, StreamRecord[]>();
    for (const record of records) {
      const lane = laneOf(record.key, parallelizationFactor);
      lanes.set(lane, [...(lanes.get(lane) ?? []), record]);
    }
    const results = await Promise.all([...lanes.values()].map((lane) => this.#deliverLane(lane, batchSize)));
    return results.every(Boolean);
  }

  async #deliverLane(lane: readonly StreamRecord[], batchSize: number): Promise<boolean> {
    for (let at = 0; at < lane.length; at += batchSize) {
      const batch = lane.slice(at, at + batchSize);
      if (!(await deliverBatch(batch, this.shardId, this.reading, () => undefined))) return false;
    }
    return true;
  }

  #settle(sequenceNumber: string | undefined): void {
    if (sequenceNumber !== undefined) this.reading.positions.set(this.shardId, { sequenceNumber });
  }

  /** What the stream says about an iterator or position that no longer holds; true when reading can go on at once. */
  #restart(error: unknown): boolean {
    this.#iterator = undefined;
    this.#buffer.length = 0;
    if (!(error instanceof AwsError)) return false;
    if (error.code === 'TrimmedDataAccessException') {
      this.reading.engine.log('error', 'stream records were trimmed before they were read', this.reading.who);
      this.reading.positions.set(this.shardId, {});
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
