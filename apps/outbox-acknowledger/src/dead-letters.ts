import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isoTime } from '@outbox/function-kit';
import type { DeadLetters } from '@outbox/outbox-store';

/** What the dead letters of this function carry as `consumer`. */
const CONSUMER = 'outbox-acknowledger';

/** SQS's own redrive carries no reason, so what is permanently bad is sent to the DLQ with one. */
export function createDeadLetters(sqs: SQSClient, dlqUrl: string): DeadLetters {
  return {
    send: async ({ body, firstReceivedAt, receives }, reason, detail) => {
      const text = (value: string) => ({ DataType: 'String', StringValue: value });
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: dlqUrl,
          MessageBody: body,
          MessageAttributes: {
            reason: text(reason),
            detail: text(attributeText(detail)),
            consumer: text(CONSUMER),
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
