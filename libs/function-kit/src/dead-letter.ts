import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { isoTime } from './clock';
import type { Receipt } from './sqs-batch';

/** Why a message can't be processed: a word to choose by, and the evidence, which may quote anything. */
export interface DeadLetterCause {
  readonly consumer: string;
  readonly reason: string;
  readonly detail: string;
}

/**
 * The copy of a message for the dead-letter queue. SQS's own redrive carries no reason, so what is permanently bad is sent
 * there with one.
 */
export function deadLetter(
  dlqUrl: string,
  { body, firstReceivedAt, receives }: Pick<Receipt, 'body' | 'firstReceivedAt' | 'receives'>,
  { consumer, reason, detail }: DeadLetterCause,
): SendMessageCommandInput {
  return {
    QueueUrl: dlqUrl,
    MessageBody: body,
    MessageAttributes: {
      reason: text(reason),
      detail: text(attributeText(detail)),
      consumer: text(consumer),
      firstReceivedAt: text(isoTime(firstReceivedAt)),
      receiveCount: { DataType: 'Number', StringValue: String(receives) },
    },
  };
}

/**
 * What a dead letter is sent back with: why it was one. Not as `reason`, which SQS would keep when it sets the message
 * aside once more, and which would then be about something else.
 */
export function redriveAttributes(reason: string): NonNullable<SendMessageCommandInput['MessageAttributes']> {
  return { redriven: text(reason) };
}

/**
 * Whether a message comes back from a dead-letter queue, by the names of its attributes: a rule delivers without any,
 * and a redrive by SQS itself keeps those that a consumer or EventBridge (ERROR_CODE: user guide, eb-rule-dlq) set it
 * aside with. What SQS moved after the last receive and moves back itself can't be told from a new message.
 */
export function isRedriven(attributes: readonly string[]): boolean {
  return ['redriven', 'reason', 'ERROR_CODE'].some((name) => attributes.includes(name));
}

function text(value: string): { readonly DataType: 'String'; readonly StringValue: string } {
  return { DataType: 'String', StringValue: value };
}

/** Characters an SQS attribute may not hold (API reference, SendMessage: only XML's characters). */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Enough to act on; attributes count towards the size of the message. */
const MAX_DETAIL_CHARACTERS = 1_000;

/** Makes evidence fit an attribute: never empty, never refused. */
function attributeText(detail: string): string {
  return detail.slice(0, MAX_DETAIL_CHARACTERS).replace(NOT_XML, '\u{FFFD}') || 'no detail';
}
