import type { Message } from '@aws-sdk/client-sqs';
import { AwsError, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import { recordFilter, toSqsRecord, type SqsRecord } from '@outbox/local-cloud-streams';
import type { RoleSessions } from '../../role-sessions';
import type { Functions } from '../functions';
import { MAX_SYNC_BYTES } from '../limits';
import { type Invoker } from '../invoker';
import type { FunctionName } from '../names';
import type { Processors } from '../../runtime/processors';
import { succeeded } from './batch-answer';
import type { MappingRecord } from './mappings';
import { QueueAccess } from './queue-access';
import { toEvents } from './records';
import { Scaling } from './scaling';

/** Waits after errors double from the first to the second, in engine milliseconds. AWS does not publish its own. */
const FIRST_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 30_000;
/** From one batch to the next, on a busy machine: larger batches take less of its time, and wait no longer in the end. */
const BUSY_PACE_MS = 100;

export interface RunnerParts {
  readonly engine: Engine;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly roles: RoleSessions;
  readonly processors: Processors;
  /** Notes `OK` or `PROBLEM: …` with the mapping. */
  report(uuid: string, result: string): void;
}

/** The poller of one mapping: receives batches as the function's role, runs the function, deletes what succeeded. */
export class MappingRunner {
  readonly #queue: QueueAccess;
  readonly #scaling: Scaling;
  readonly #target: FunctionName;
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #finished: Promise<void>;
  #failures = 0;
  #receivedAt = -Infinity;

  constructor(
    private readonly parts: RunnerParts,
    private readonly mapping: MappingRecord,
  ) {
    this.#queue = new QueueAccess(parts.engine, mapping.sourceArn, recordFilter(mapping.filters ?? []));
    this.#scaling = new Scaling(mapping.maximumConcurrency);
    this.#target = { ...mapping, name: mapping.functionName };
    this.#finished = this.#poll();
  }

  /** Receives no more; resolves when the batches that run are finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#finished;
    await Promise.all(this.#inFlight);
  }

  async #poll(): Promise<void> {
    const { engine, invoker } = this.parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (this.#failures > 0) await engine.clock.sleep(backOff(this.#failures), signal);
        while (this.#inFlight.size >= this.#scaling.limit(this.#inFlight.size, engine.clock.now())) {
          await Promise.race(this.#inFlight);
        }
        // Time in hand counts against a message: what can't be run yet stays in the queue, where batches grow.
        await invoker.whenFree(this.#target);
        await this.#pace();
        if (signal.aborted) return;
        const caller = this.#caller();
        const { batchSize, windowSeconds } = this.mapping;
        const messages = await this.#queue.receive(caller, batchSize, windowSeconds, signal);
        this.#receivedAt = engine.clock.now();
        if (messages.length > 0) this.#process(messages);
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error);
      }
    }
  }

  async #pace(): Promise<void> {
    const { clock } = this.parts.engine;
    const left = this.#receivedAt + BUSY_PACE_MS - clock.now();
    if (left > 0 && this.parts.processors.isBusy()) await clock.sleep(left, this.#stop.signal);
  }

  #process(messages: readonly Message[]): void {
    const { sourceArn, region } = this.mapping;
    const records = messages.map((message) => toSqsRecord(message, sourceArn, region));
    // What is too large for one event is delivered one after the other where order is kept.
    const isFifo = sourceArn.endsWith('.fifo');
    let before: Promise<unknown> = Promise.resolve();
    for (const event of toEvents(records, MAX_SYNC_BYTES, (record) => record)) {
      const deliver = () => this.#deliver(event.records, event.payload);
      const run: Promise<void> = (isFifo ? before.then(deliver) : deliver())
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.#inFlight.delete(run));
      this.#inFlight.add(run);
      before = run;
    }
  }

  async #deliver(records: readonly SqsRecord[], payload: Uint8Array): Promise<void> {
    const answer = await this.#invoke(payload);
    if (!answer) return;
    const ids = records.map((record) => record.messageId);
    const done = new Set(succeeded(ids, answer, this.mapping.reportsFailures));
    const handles = records.filter((record) => done.has(record.messageId)).map((record) => record.receiptHandle);
    await this.#queue.delete(this.#caller(), handles);
    // With ReportBatchItemFailures the poller does not back off. Source: services-sqs-errorhandling.
    if (answer.failed && !this.mapping.reportsFailures) this.#failures += 1;
    else this.#failures = 0;
    this.parts.report(this.mapping.uuid, answer.failed ? 'PROBLEM: Function call failed' : 'OK');
  }

  /** Throttled events are tried again until their messages become visible. Source: services-sqs-errorhandling. */
  async #invoke(payload: Uint8Array): Promise<{ payload: Uint8Array; failed: boolean } | undefined> {
    const { engine, invoker } = this.parts;
    let giveUpAt: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await invoker.invoke(this.#target, payload, { requestId: engine.ids.uuid(), isBackground: true });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
        giveUpAt ??= engine.clock.now() + (await this.#queue.visibilityTimeout(this.#caller())) * 1000;
        if (engine.clock.now() + backOff(attempt) >= giveUpAt || this.#stop.signal.aborted) {
          this.parts.report(this.mapping.uuid, 'PROBLEM: Function call was throttled');
          return undefined;
        }
        await engine.clock.sleep(backOff(attempt), this.#stop.signal);
      }
    }
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const reason = error instanceof Error ? error.message : String(error);
    const level = error instanceof AwsError ? 'debug' : 'error';
    this.parts.engine.log(level, 'event source mapping failed', { uuid: this.mapping.uuid, reason });
    this.parts.report(this.mapping.uuid, `PROBLEM: ${reason}`);
  }

  #caller(): Caller {
    const { version } = this.parts.functions.resolve(this.#target);
    return this.parts.roles.caller(version.role, 'lambda.amazonaws.com', this.mapping.functionName);
  }
}

function backOff(failures: number): number {
  return Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MAX_BACK_OFF_MS);
}
