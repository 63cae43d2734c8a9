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
  /** As the consumer says, or EventBridge; `max-receives` when SQS moved it, which says nothing more. */
  readonly reason: string;
  readonly detail?: string;
  /** ISO-8601; when the consumer first received it, where that is known. */
  readonly firstReceivedAt?: string;
  /** How often the consumer received it, where that is known. */
  readonly receiveCount?: number;
}

/**
 * Reads a message as it was received with all its attributes. Three hands fill a consumer's dead-letter queue: the
 * consumer (reason, detail …), EventBridge when it can't deliver (ERROR_CODE, ERROR_MESSAGE; user guide,
 * eb-rule-dlq), and SQS after the last receive (nothing).
 */
export function readDeadLetter({ MessageId, ReceiptHandle, Body, MessageAttributes }: Message): DeadLetter {
  const body = Body ?? '';
  const attribute = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const event = readEvent(body);
  const detail = attribute('detail') ?? attribute('ERROR_MESSAGE');
  const firstReceivedAt = attribute('firstReceivedAt');
  const receiveCount = attribute('receiveCount');
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body,
    reason: attribute('reason') ?? attribute('ERROR_CODE') ?? 'max-receives',
    ...(event ? { event } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
    ...(receiveCount === undefined ? {} : { receiveCount: Number(receiveCount) }),
  };
}

/** Whether a dead letter is about an aggregate: its event is, or, where it is no event, it names the id. */
export function isAbout({ event, body }: Pick<DeadLetter, 'event' | 'body'>, about: AggregateId): boolean {
  return event ? formatAggregateId(event) === formatAggregateId(about) : body.includes(about.id);
}

/** By aggregate, then by sequence: the order in which an in-order consumer takes them. */
export function inOrder(a: DeadLetter, b: DeadLetter): number {
  const [left, right] = [a, b].map(({ event }) => (event ? formatAggregateId(event) : ''));
  if (left !== right) return (left ?? '') < (right ?? '') ? -1 : 1;
  return (a.event?.sequence ?? 0) - (b.event?.sequence ?? 0);
}

function readEvent(body: string): DeadEvent | undefined {
  let envelope: unknown;
  try {
    envelope = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { id, type, aggregatetype, subject, sequence } = fields(fields(envelope)['detail']);
  if (typeof id !== 'string' || typeof type !== 'string') return undefined;
  if (typeof aggregatetype !== 'string' || typeof subject !== 'string') return undefined;
  if (typeof sequence !== 'string' || !/^[1-9]\d{0,9}$/.test(sequence)) return undefined;
  return { eventId: id, type, aggregate: aggregatetype, id: subject, sequence: Number(sequence) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
