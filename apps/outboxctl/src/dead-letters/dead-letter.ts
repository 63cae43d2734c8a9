import type { Message } from '@aws-sdk/client-sqs';
import { formatAggregateId, type AggregateId } from '../aggregate-id';

/** The event that a dead letter carries. */
export interface DeadEvent extends AggregateId {
  readonly eventId: string;
  readonly type: string;
  readonly sequence: number;
}

/** A message of a consumer's dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Absent when the body is no event of the bus: no consumer can ever read it. */
  readonly event?: DeadEvent;
  /**
   * As the consumer says, or EventBridge; `max-receives` when SQS moved it, which says nothing more; `encrypted` when
   * EventBridge could not use the key of the bus: then the event is in the body, but nobody can read it without that key.
   */
  readonly reason: string;
  readonly detail?: string;
  /** ISO-8601; when the consumer first received it, where that is known. */
  readonly firstReceivedAt?: string;
  /** How often the consumer received it, where that is known. */
  readonly receiveCount?: number;
}

/** Reason of a dead letter that holds an event under the key of its bus. */
export const ENCRYPTED = 'encrypted';

/**
 * Reads a message as it was received with all its attributes. Three hands fill a consumer's dead-letter queue: the
 * consumer (reason, detail …), EventBridge when it can't deliver (ERROR_CODE, ERROR_MESSAGE; user guide,
 * eb-rule-dlq, and eb-encryption-event-bus-dlq-decrypt for what it can't decrypt), and SQS after the last receive
 * (nothing).
 */
export function readDeadLetter({ MessageId, ReceiptHandle, Body, MessageAttributes }: Message): DeadLetter {
  const body = Body ?? '';
  const attribute = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const envelope = readEnvelope(body);
  const event = readEvent(envelope);
  const key = readKey(envelope);
  const detail =
    attribute('detail') ??
    attribute('ERROR_MESSAGE') ??
    (key === undefined ? undefined : `EventBridge could not use the key ${key}`);
  const firstReceivedAt = attribute('firstReceivedAt');
  const receiveCount = attribute('receiveCount');
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body,
    reason: key === undefined ? (attribute('reason') ?? attribute('ERROR_CODE') ?? 'max-receives') : ENCRYPTED,
    ...(event ? { event } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
    ...(receiveCount === undefined ? {} : { receiveCount: Number(receiveCount) }),
  };
}

/** By aggregate, then by sequence: the order in which an in-order consumer takes them. */
export function inOrder(a: DeadLetter, b: DeadLetter): number {
  const [left, right] = [a, b].map(({ event }) => (event ? formatAggregateId(event) : ''));
  if (left !== right) return (left ?? '') < (right ?? '') ? -1 : 1;
  return (a.event?.sequence ?? 0) - (b.event?.sequence ?? 0);
}

function readEnvelope(body: string): Readonly<Record<string, unknown>> {
  try {
    return fields(JSON.parse(body));
  } catch {
    return {};
  }
}

/** The key that EventBridge could not use, of an event that it set aside encrypted. */
function readKey(envelope: Readonly<Record<string, unknown>>): string | undefined {
  if (envelope['source'] !== 'aws.events' || envelope['detail-type'] !== 'Encrypted Events') return undefined;
  const key = fields(envelope['detail'])['kms-key-arn'];
  return typeof key === 'string' ? key : 'of the bus';
}

function readEvent(envelope: Readonly<Record<string, unknown>>): DeadEvent | undefined {
  const { id, type, aggregatetype, subject, sequence } = fields(envelope['detail']);
  if (typeof id !== 'string' || typeof type !== 'string') return undefined;
  if (typeof aggregatetype !== 'string' || typeof subject !== 'string') return undefined;
  if (typeof sequence !== 'string' || !/^[1-9]\d{0,9}$/.test(sequence)) return undefined;
  return { eventId: id, type, aggregate: aggregatetype, id: subject, sequence: Number(sequence) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
