import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SealedKey } from '@outbox/local-cloud-keys';

/** A user's message attribute as kept: binary values in base64, so that it is plain JSON. */
export interface StoredAttribute {
  readonly dataType: string;
  readonly text?: string;
  readonly base64?: string;
}

/** A message as kept in the state store. Times are epoch milliseconds of the engine's clock. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, StoredAttribute>>;
  readonly traceHeader?: string;
  /** A FIFO queue keeps the order of each group; in a standard queue it is the tenant of a fair queue, and changes nothing here. */
  readonly groupId?: string;
  /** Of a FIFO queue's message. */
  readonly deduplicationId?: string;
  /** Of a FIFO queue's message: its place in the queue it is in. */
  readonly sequenceNumber?: string;
  readonly senderId: string;
  /** Of the first send: a move to a dead-letter queue keeps it, so retention goes on counting (SQS guide, "Dead-letter queues"). */
  readonly sentAt: number;
  /** Hidden before that: delayed, or in flight. */
  visibleAt: number;
  receives: number;
  firstReceivedAt?: number;
  /** When the current receive happened: visibility is capped at 12 hours from it. */
  receivedAt?: number;
  /** Until when the latest receive hid it, whatever was changed since. */
  hiddenUntil?: number;
  /** Of the latest receive; older handles no longer act on the message. */
  receipt?: string;
  /** The queue whose redrive policy sent it here. */
  deadLetterSourceArn?: string;
  /** What it is encrypted with, when its queue was under a KMS key as it was sent. */
  readonly key?: SealedKey;
}

export function storeAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>> | undefined,
): Record<string, StoredAttribute> {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, value]) => [
      name,
      {
        dataType: value.DataType ?? '',
        text: value.StringValue,
        base64: value.BinaryValue && Buffer.from(value.BinaryValue).toString('base64'),
      },
    ]),
  );
}

export function restoreAttributes(
  attributes: Readonly<Record<string, StoredAttribute>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      {
        DataType: value.dataType,
        StringValue: value.text,
        BinaryValue: value.base64 === undefined ? undefined : new Uint8Array(Buffer.from(value.base64, 'base64')),
      },
    ]),
  );
}
