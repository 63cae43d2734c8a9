import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isoTime } from '@outbox/function-kit';
import type { DeadLetterReason } from '@outbox/inbox-rules';
import type { Receipt } from './intake';

/** What a consumer does with messages it does not settle. */
export interface ConsumerQueue {
  /** Hides a message for so many seconds; it must still be reported as failed, or it is deleted. */
  park(receipt: Receipt, visibilitySeconds: number): Promise<void>;
  /** Sends a copy with its reason to the DLQ; only then may the message be reported as done. */
  deadLetter(receipt: Receipt, reason: DeadLetterReason, detail: string): Promise<void>;
}

/** Where a consumer's messages come from and where its dead letters go. */
export interface ConsumerQueueOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly dlqUrl: string;
  readonly consumer: string;
}

/** SQS's own redrive carries no reason, so what is permanently bad is sent by the consumer itself. */
export function createConsumerQueue({ sqs, queueUrl, dlqUrl, consumer }: ConsumerQueueOptions): ConsumerQueue {
  return {
    park: async ({ receiptHandle }, visibilitySeconds) => {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: visibilitySeconds,
        }),
      );
    },
    deadLetter: async ({ body, firstReceivedAt, receives }, reason, detail) => {
      const text = (value: string) => ({ DataType: 'String', StringValue: value });
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: dlqUrl,
          MessageBody: body,
          MessageAttributes: {
            reason: text(reason),
            detail: text(attributeText(detail)),
            consumer: text(consumer),
            firstReceivedAt: text(isoTime(firstReceivedAt)),
            receiveCount: { DataType: 'Number', StringValue: String(receives) },
          },
        }),
      );
    },
  };
}

/** Characters an SQS attribute may not hold (API reference, SendMessage: only XML's characters). */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Enough to act on; attributes count towards the size of the message. */
const MAX_DETAIL_CHARACTERS = 1_000;

/** Makes evidence, which may quote anything, fit an attribute: never empty, never refused. */
function attributeText(detail: string): string {
  return detail.slice(0, MAX_DETAIL_CHARACTERS).replace(NOT_XML, '\u{FFFD}') || 'no detail';
}
