import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { deadLetter, type Receipt } from '@outbox/function-kit';
import type { DeadLetterReason } from '@outbox/inbox-rules';

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

/** The consumer's own hand on its queue and its dead letters. */
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
    deadLetter: async (receipt, reason, detail) => {
      await sqs.send(new SendMessageCommand(deadLetter(dlqUrl, receipt, { consumer, reason, detail })));
    },
  };
}
