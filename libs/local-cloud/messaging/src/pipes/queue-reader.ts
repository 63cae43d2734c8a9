import type { Message } from '@aws-sdk/client-sqs';
import { AwsError } from '@outbox/local-cloud-kernel';
import { PolledQueue, recordFilter, toSqsRecord, type StreamRecord } from '@outbox/local-cloud-streams';
import { Execution } from './execution';
import type { DeliveryTools } from './pipe-reading';
import type { QueueSource } from './pipe-store';

/** Batches of a queue without order that are on their way at a time. AWS doesn't publish its own; a mapping begins with five. */
const MAX_IN_FLIGHT = 5;
/** Waits after the queue couldn't be read double from the first, in engine milliseconds. */
const FIRST_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 30_000;

/**
 * Takes a queue's messages through a pipe. What is done is deleted; what fails becomes visible again after the queue's
 * visibility timeout, and goes where its redrive policy says. A filtered message is deleted.
 * Source: EventBridge guide, "Amazon Simple Queue Service as a source".
 */
export class QueueReader {
  readonly #queue: PolledQueue;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #most: number;
  #failures = 0;

  constructor(
    private readonly tools: DeliveryTools,
    private readonly settings: QueueSource,
  ) {
    const { engine, pipe } = tools;
    this.#queue = new PolledQueue(engine, pipe.source, recordFilter(pipe.filters));
    this.#most = pipe.source.endsWith('.fifo') ? 1 : MAX_IN_FLIGHT;
  }

  /** Resolves once the pipe stops and the batches on their way are done. */
  async run(): Promise<void> {
    const { engine, role, signal } = this.tools;
    const { batchSize, windowSeconds } = this.settings;
    while (!signal.aborted) {
      try {
        if (this.#failures > 0) await engine.clock.sleep(backOff(this.#failures), signal);
        while (this.#inFlight.size >= this.#most) await Promise.race(this.#inFlight);
        const messages = await this.#queue.receive(role.as().caller, batchSize, windowSeconds, signal);
        this.#failures = 0;
        if (messages.length > 0) this.#process(messages);
      } catch (error) {
        if (!signal.aborted) this.#failed(error);
      }
    }
    await Promise.all(this.#inFlight);
  }

  #process(messages: readonly Message[]): void {
    const run: Promise<void> = this.#deliver(messages)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#inFlight.delete(run));
    this.#inFlight.add(run);
  }

  async #deliver(messages: readonly Message[]): Promise<void> {
    const { engine, log, pipe, role } = this.tools;
    const records = messages.map((message) => recordOf(message, pipe.source, pipe.region));
    const { failed } = await new Execution(pipe, role, log, engine).run(records);
    const left = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
    const done = messages.filter(({ MessageId }) => !left.has(MessageId ?? ''));
    await this.#queue.delete(
      role.as().caller,
      done.map(({ ReceiptHandle }) => ReceiptHandle ?? ''),
    );
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const reason = error instanceof Error ? error.message : String(error);
    const level = error instanceof AwsError ? 'debug' : 'error';
    this.tools.engine.log(level, 'pipe can not read its queue', { pipe: this.tools.pipe.arn, reason });
  }
}

function recordOf(message: Message, queueArn: string, region: string): StreamRecord {
  const id = message.MessageId ?? '';
  return {
    sequenceNumber: id,
    createdAt: Number(message.Attributes?.SentTimestamp ?? 0),
    key: message.Attributes?.MessageGroupId ?? id,
    event: toSqsRecord(message, queueArn, region) as StreamRecord['event'],
  };
}

function backOff(failures: number): number {
  return Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MAX_BACK_OFF_MS);
}
