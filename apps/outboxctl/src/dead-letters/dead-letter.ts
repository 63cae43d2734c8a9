import type { Message } from '@aws-sdk/client-sqs';
import { oneLine } from '@outbox/cli-kit';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import { readPosition, type StreamPosition } from './stream-position';

/** The event that a dead letter carries. */
export interface DeadEvent extends AggregateId {
  readonly eventId: string;
  readonly type: string;
  readonly sequence: number;
}

/** A message of a dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Its message attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Absent when the body is no event of the bus: no consumer can ever read it. */
  readonly event?: DeadEvent;
  /** Of the pipe's dead letters: where the records that it gave up stand in the stream. */
  readonly position?: StreamPosition;
  /** The events of those records, once they were looked up; none when the stream no longer has them. */
  readonly events?: readonly DeadEvent[];
  /**
   * As the consumer says, EventBridge, the pipe or the schedule; `max-receives` when SQS moved it, which says nothing
   * more; `encrypted` when EventBridge could not use the key of the bus: then the event is in the body, but nobody can
   * read it without that key.
   */
  readonly reason: string;
  readonly detail?: string;
  /** ISO-8601; when the consumer first received it, where that is known. */
  readonly firstReceivedAt?: string;
  /** How often the consumer received it, where that is known. */
  readonly receiveCount?: number;
  /** ISO-8601; when it was sent here, or, if SQS moved it, to the queue that it came from. */
  readonly sentAt?: string;
}

/** Reason of a dead letter that holds an event under the key of its bus. */
export const ENCRYPTED = 'encrypted';

/**
 * Reads a message as it was received with all its attributes. Who sets a message aside says why in a way of its own: a
 * consumer by attributes (reason, detail …), EventBridge and the scheduler by ERROR_CODE and ERROR_MESSAGE (user guide,
 * eb-rule-dlq; for what EventBridge can't decrypt: eb-encryption-event-bus-dlq-decrypt), a pipe in the body, and SQS
 * after the last receive not at all.
 */
export function readDeadLetter({
  MessageId,
  ReceiptHandle,
  Body,
  MessageAttributes = {},
  Attributes = {},
}: Message): DeadLetter {
  const body = Body ?? '';
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
  const attribute = (name: string): string | undefined => MessageAttributes[name]?.StringValue;
  const json = readJson(body);
  const event = readEvent(json);
  const position = readPosition(json);
  const key = readKey(json);
  const detail =
    attribute('detail') ??
    attribute('ERROR_MESSAGE') ??
    (key === undefined ? undefined : `EventBridge could not use the key ${key}`);
  const firstReceivedAt = attribute('firstReceivedAt');
  const receiveCount = attribute('receiveCount');
  const sentAt = Number(Attributes.SentTimestamp);
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body,
    attributes,
    reason:
      key === undefined
        ? (attribute('reason') ?? attribute('ERROR_CODE') ?? position?.condition ?? 'max-receives')
        : ENCRYPTED,
    ...(event ? { event } : {}),
    ...(position ? { position } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
    ...(receiveCount === undefined ? {} : { receiveCount: Number(receiveCount) }),
    ...(Number.isFinite(sentAt) ? { sentAt: new Date(sentAt).toISOString() } : {}),
  };
}

/** An event by its place and type; a message says of itself whatever it likes. */
export function nameOf(event: DeadEvent): string {
  return `${oneLine(formatAggregateId(event))} event ${event.sequence}  ${oneLine(event.type)}`;
}

/** The events that a dead letter is about, as far as they are known. */
export function eventsOf({ event, events = [] }: Pick<DeadLetter, 'event' | 'events'>): readonly DeadEvent[] {
  return event ? [event] : events;
}

/**
 * Whether a dead letter is about an aggregate: an event of it is, or a body that no event can be read from names the id.
 * A pipe's body names places in a stream, and no aggregate.
 */
export function isAbout(
  letter: Pick<DeadLetter, 'event' | 'events' | 'position' | 'body'>,
  about: AggregateId,
): boolean {
  const events = eventsOf(letter);
  if (events.length === 0) return letter.position === undefined && holdsWord(letter.body, about.id);
  return events.some((event) => formatAggregateId(event) === formatAggregateId(about));
}

/** Whether a text holds a word as a whole: `p-1` is no part of `p-10`. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!IN_WORD.test(text.charAt(at - 1)) && !IN_WORD.test(text.charAt(at + word.length))) return true;
  }
  return false;
}

const IN_WORD = /[\p{L}\p{N}_-]/u;

/** By aggregate, then by sequence: the order in which an in-order consumer takes them. */
export function inOrder(a: DeadLetter, b: DeadLetter): number {
  const [left, right] = [a, b].map(({ event }) => (event ? formatAggregateId(event) : ''));
  if (left !== right) return (left ?? '') < (right ?? '') ? -1 : 1;
  return (a.event?.sequence ?? 0) - (b.event?.sequence ?? 0);
}

/** `2 gap, 1 rejected`, the most frequent first. */
export function byReason(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  return sorted.map(([reason, times]) => `${times} ${oneLine(reason)}`).join(', ');
}

/** How many there are of each reason. */
export function countReasons(letters: Iterable<Pick<DeadLetter, 'reason'>>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

function readJson(body: string): Readonly<Record<string, unknown>> {
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
