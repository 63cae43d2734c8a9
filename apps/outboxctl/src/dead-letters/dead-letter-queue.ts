import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { redriveAttributes } from '@outbox/function-kit';
import { queueDepth, type QueueDepth } from '../queue';
import { readDeadLetter, type DeadLetter } from './dead-letter';

/** SQS refused part of a batch; what it said is the evidence. Nothing of it is lost: it stays in the queue. Exit code 1. */
export class QueueRefused extends Error {
  override readonly name = 'QueueRefused';
}

/** Quotas of SQS: entries of a batch; what they may add up to (1 MiB; the least of all regions is 256 KiB). */
const MOST_ENTRIES = 10;
const MOST_BYTES = 262_144;
/** Room for the attribute that it is sent with; name, type and value count (quotas of SQS). */
const ATTRIBUTE_BYTES = 100;
/** A redrive may hold 10,000 messages when it is interrupted, and nobody waits for a thousand calls one by one. */
const RELEASES_AT_ONCE = 8;
/** Long polling asks all of SQS's servers: an empty answer means an empty queue (developer guide, long polling). */
const WAIT_SECONDS = 1;

/** A consumer's dead-letter queue as an operator handles it. */
export class DeadLetterQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
  ) {}

  depth(): Promise<QueueDepth> {
    return queueDepth(this.sqs, this.url);
  }

  /**
   * Up to `most` messages, which nobody else sees for `hiddenSeconds`, as they come: whoever receives them has to give
   * them back. Less than `most` only when there are no more, or `stop` says so.
   */
  async *receive(most: number, hiddenSeconds: number, stop: AbortSignal): AsyncGenerator<readonly DeadLetter[]> {
    let received = 0;
    while (received < most && !stop.aborted) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.url,
          MaxNumberOfMessages: Math.min(MOST_ENTRIES, most - received),
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return;
      received += Messages.length;
      yield Messages.map(readDeadLetter);
    }
  }

  /** Lets others see them again at once. */
  async release(letters: readonly DeadLetter[]): Promise<void> {
    const waiting = batches(letters);
    const worker = async (): Promise<void> => {
      for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await this.#show(batch);
    };
    await Promise.all(Array.from({ length: RELEASES_AT_ONCE }, worker));
  }

  async #show(letters: readonly DeadLetter[]): Promise<void> {
    const { Failed = [] } = await this.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.url,
        Entries: letters.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
    refuse('show again', Failed);
  }

  /**
   * Sends them to `queueUrl` one batch after the other, in the order given, and deletes what was sent; yields what is
   * moved. In between a message is in both queues, never in none: a crash makes a copy, which the inbox knows.
   * @throws QueueRefused when SQS doesn't take all; what it took before is moved
   */
  async *moveTo(queueUrl: string, letters: readonly DeadLetter[]): AsyncGenerator<readonly DeadLetter[]> {
    for (const batch of batches(letters)) {
      const sent = await this.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map(({ body, reason }, index) => ({
            Id: String(index),
            MessageBody: body,
            MessageAttributes: redriveAttributes(reason),
          })),
        }),
      );
      const done = new Set((sent.Successful ?? []).map(({ Id }) => Id));
      const moved = batch.filter((_letter, index) => done.has(String(index)));
      if (moved.length > 0) await this.#delete(moved);
      yield moved;
      refuse('send', sent.Failed ?? []);
    }
  }

  async #delete(letters: readonly DeadLetter[]): Promise<void> {
    const { Failed = [] } = await this.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.url,
        Entries: letters.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
      }),
    );
    refuse('delete', Failed);
  }
}

function refuse(act: string, failed: readonly { readonly Code?: string; readonly Message?: string }[]): void {
  const [first] = failed;
  if (!first) return;
  throw new QueueRefused(
    `SQS did not ${act} ${failed.length} messages: ${first.Code ?? ''} ${first.Message ?? ''}`.trim(),
  );
}

/** In the order given, as few batches as SQS's quotas allow. */
export function batches(letters: readonly DeadLetter[]): DeadLetter[][] {
  const all: DeadLetter[][] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = Buffer.byteLength(letter.body) + ATTRIBUTE_BYTES;
    const last = all.at(-1);
    if (last && last.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) {
      last.push(letter);
      bytes += size;
    } else {
      all.push([letter]);
      bytes = size;
    }
  }
  return all;
}
