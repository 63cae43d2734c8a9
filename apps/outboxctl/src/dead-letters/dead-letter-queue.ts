import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type BatchResultErrorEntry,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueDepth, type QueueDepth } from '../queue';
import { readDeadLetter, type DeadLetter } from './dead-letter';

/** SQS refused part of a batch; what it said is the evidence. Nothing of it is lost: it stays in the queue. Exit code 1. */
export class QueueRefused extends Error {
  override readonly name = 'QueueRefused';
}

/** Quotas of SQS: entries of a batch; what they may add up to (1 MiB; the least of all regions is 256 KiB). */
export const MAX_ENTRIES = 10;
export const MAX_BYTES = 262_144;
/** Room for the attribute that it is sent with; name, type and value count (quotas of SQS). */
const ATTRIBUTE_BYTES = 100;
/** Long polling asks all of SQS's servers: an empty answer means an empty queue (developer guide, long polling). */
const WAIT_SECONDS = 1;
/**
 * What SQS says of a message that can be seen already, that somebody else has deleted, or that was hidden for twelve hours
 * (API reference, ChangeMessageVisibility): there is nothing to hide or to show again.
 */
const IS_LOOSE = /(MessageNotInflight|InvalidParameterValue)$/;

/** A dead-letter queue, ten messages at a time; `HeldLetters` goes through all of it. */
export class DeadLetterQueue {
  /** @param understand adds to letters what they don't say themselves */
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
    private readonly understand: (letters: readonly DeadLetter[]) => Promise<readonly DeadLetter[]> = (letters) =>
      Promise.resolve(letters),
  ) {}

  depth(): Promise<QueueDepth> {
    return queueDepth(this.sqs, this.url);
  }

  /** Up to `count` messages, ten at most, which nobody else sees for `hiddenSeconds`; none: the queue shows no more. */
  async receive(count: number, hiddenSeconds: number): Promise<readonly DeadLetter[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: Math.min(MAX_ENTRIES, count),
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return this.understand(Messages.map(readDeadLetter));
  }

  /**
   * Hides up to ten that were received for so long from now on; 0 lets others see them again at once. One that can be
   * seen already stays so, and one that is gone is no failure.
   * @throws QueueRefused
   */
  async hide(letters: readonly DeadLetter[], seconds: number): Promise<void> {
    const { Failed = [] } = await this.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.url,
        Entries: letters.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
    refuse(
      seconds === 0 ? 'show again' : 'hide',
      Failed.filter(({ Code = '' }) => !IS_LOOSE.test(Code)),
    );
  }

  /** Deletes up to ten that were received; returns which are gone, and why not the others. */
  async delete(letters: readonly DeadLetter[]): Promise<Taken<DeadLetter>> {
    const { Failed: failed = [] } = await this.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.url,
        Entries: letters.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
      }),
    );
    const kept = new Set(failed.map(({ Id }) => Id));
    return { taken: letters.filter((_letter, index) => !kept.has(String(index))), failed };
  }
}

/** Which of a batch SQS took, and what it said of the others. */
export interface Taken<T> {
  readonly taken: readonly T[];
  readonly failed: readonly BatchResultErrorEntry[];
}

/** What can be sent to a queue. */
interface Sendable {
  readonly body: string;
}

/** Sends the bodies of one of `batches` to a queue; returns which it took, and why not the others. */
export async function sendBatch<T extends Sendable>(
  sqs: SQSClient,
  QueueUrl: string,
  batch: readonly T[],
  attributesOf: (each: T) => SendMessageBatchRequestEntry['MessageAttributes'] = () => undefined,
): Promise<Taken<T>> {
  const { Successful = [], Failed: failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: batch.map((each, index) => ({
        Id: String(index),
        MessageBody: each.body,
        MessageAttributes: attributesOf(each),
      })),
    }),
  );
  const ids = new Set(Successful.map(({ Id }) => Id));
  return { taken: batch.filter((_each, index) => ids.has(String(index))), failed };
}

/** @throws QueueRefused when anything failed */
export function refuse(act: string, failed: readonly Pick<BatchResultErrorEntry, 'Code' | 'Message'>[]): void {
  const [first] = failed;
  if (!first) return;
  throw new QueueRefused(
    `SQS did not ${act} ${failed.length} messages: ${first.Code ?? ''} ${first.Message ?? ''}`.trim(),
  );
}

/** In the order given, as few batches as SQS's quotas allow, or of `most` each. */
export function batches<T extends Sendable>(all: readonly T[], most = MAX_ENTRIES): T[][] {
  const found: T[][] = [];
  let bytes = 0;
  for (const each of all) {
    const size = Buffer.byteLength(each.body) + ATTRIBUTE_BYTES;
    const last = found.at(-1);
    if (last && last.length < most && bytes + size <= MAX_BYTES) {
      last.push(each);
      bytes += size;
    } else {
      found.push([each]);
      bytes = size;
    }
  }
  return found;
}
