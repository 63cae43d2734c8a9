import type { Message } from '@aws-sdk/client-sqs';
import { AwsError, parseArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import type { RecordFilter } from './queue-filter';
import { toSqsRecord } from './queue-record';

/** Receives per call at most this many. Source: SQS ReceiveMessage. */
const RECEIVE_MAX = 10;
const LONG_POLL_SECONDS = 20;

/** A queue as AWS's pollers read it: for event source mappings and pipes, always as a role. */
export class PolledQueue {
  readonly #url: string;
  readonly #region: string;

  constructor(
    protected readonly engine: Pick<Engine, 'calls' | 'clock' | 'identity' | 'log' | 'origin' | 'signals'>,
    protected readonly queueArn: string,
    private readonly wanted: RecordFilter = () => true,
  ) {
    const { accountId, region, resource } = parseArn(queueArn);
    this.#url = `${engine.origin}/${accountId}/${resource}`;
    this.#region = region;
  }

  /**
   * Waits for messages and gathers them: up to `size`, for at most `windowSeconds` after the first.
   * Answers an empty list when none passed the filter in 20 seconds or `signal` aborted.
   */
  async receive(caller: Caller, size: number, windowSeconds: number, signal: AbortSignal): Promise<Message[]> {
    const messages = await this.#once(caller, Math.min(size, RECEIVE_MAX), LONG_POLL_SECONDS, signal);
    if (messages.length === 0 || windowSeconds === 0) return messages;
    const end = this.engine.clock.now() + windowSeconds * 1000;
    try {
      while (messages.length < size && !signal.aborted) {
        const left = end - this.engine.clock.now();
        if (left <= 0) break;
        const seconds = Math.min(LONG_POLL_SECONDS, Math.floor(left / 1000));
        if (seconds === 0) await this.engine.signals.wait(this.queueArn, left, signal);
        messages.push(...(await this.#once(caller, Math.min(size - messages.length, RECEIVE_MAX), seconds, signal)));
      }
    } catch (error) {
      // What was gathered is hidden in the queue by now, and goes on; the next receive tells the error.
      if (!(error instanceof AwsError)) throw error;
    }
    return messages;
  }

  /** Deletes what was processed; what can't be deleted comes again, which at-least-once allows. */
  async delete(caller: Caller, receiptHandles: readonly string[]): Promise<void> {
    for (let from = 0; from < receiptHandles.length; from += RECEIVE_MAX) {
      const entries = receiptHandles
        .slice(from, from + RECEIVE_MAX)
        .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed } = await this.engine.calls.call(
        'sqs',
        'DeleteMessageBatch',
        { QueueUrl: this.#url, Entries: entries },
        { caller, region: this.#region },
      );
      if (Failed && Failed.length > 0) {
        this.engine.log('warn', 'messages not deleted', { queueArn: this.queueArn, reason: Failed[0]?.Message });
      }
    }
  }

  /** Everything that the queue says of itself. @throws AwsError when it is gone or the role may not look */
  async attributes(caller: Caller): Promise<Readonly<Record<string, string>>> {
    const { Attributes } = await this.engine.calls.call(
      'sqs',
      'GetQueueAttributes',
      { QueueUrl: this.#url, AttributeNames: ['All'] },
      { caller, region: this.#region },
    );
    return Attributes ?? {};
  }

  async #once(caller: Caller, most: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    if (signal.aborted) return [];
    const { Messages } = await this.engine.calls.call(
      'sqs',
      'ReceiveMessage',
      {
        QueueUrl: this.#url,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      { caller, region: this.#region, signal },
    );
    return this.#filtered(caller, Messages ?? []);
  }

  /** What the filter does not let pass is deleted, as AWS does. */
  async #filtered(caller: Caller, messages: Message[]): Promise<Message[]> {
    const passing = messages.filter((message) => this.wanted(toSqsRecord(message, this.queueArn, this.#region)));
    if (passing.length === messages.length) return messages;
    const dropped = messages.filter((message) => !passing.includes(message));
    await this.delete(
      caller,
      dropped.map(({ ReceiptHandle }) => ReceiptHandle ?? ''),
    );
    return passing;
  }
}
