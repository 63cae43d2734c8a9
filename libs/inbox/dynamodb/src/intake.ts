import type { Malformed, Receipt } from '@outbox/function-kit';
import type { InboxMessage } from '@outbox/inbox-rules';
import { parseEnvelope } from '@outbox/outbox-envelope';
import type { ConsumedEvent, Recognise } from './event';
import { subjectKey, subjectProblem, type Subject } from './subject';

/** A message that can be decided about. `event` is there when the consumer knows how to read it. */
export interface Intake<E extends ConsumedEvent> {
  readonly kind: 'intake';
  readonly receipt: Receipt;
  /** Whether it comes from an archive. */
  readonly isReplayed: boolean;
  readonly subject: Subject;
  readonly message: InboxMessage;
  readonly times: EventTimes;
  /** What is around the event's data, even where the data can't be read. */
  readonly envelope: ConsumedEvent;
  readonly event?: E;
}

/** The hops before the queue, ISO-8601. EventBridge stamps whole seconds. */
export interface EventTimes {
  readonly committedAt: string;
  readonly relayedAt?: string;
  readonly busAt: string;
}

/** Reads a message whose body is EventBridge's envelope around a CloudEvent. Total. */
export function readMessage<E extends ConsumedEvent>(receipt: Receipt, recognise: Recognise<E>): Intake<E> | Malformed {
  const envelope = readEnvelope(receipt.body);
  if (typeof envelope === 'string') return { kind: 'malformed', receipt, detail: envelope };
  const { isReplayed } = envelope;
  const malformed = (detail: string): Malformed => ({ kind: 'malformed', receipt, detail, isReplayed });
  const place = locate(envelope.detail, recognise);
  if (typeof place === 'string') return malformed(place);
  const { event, known, recognition, problem } = place;
  const subject = { source: event.source, aggregateType: event.aggregatetype, id: event.subject };
  const keyProblem = keyProblemOf(event, subject);
  if (keyProblem !== undefined) return malformed(keyProblem);
  return {
    kind: 'intake',
    receipt,
    isReplayed,
    subject,
    message: {
      id: event.id,
      type: event.type,
      subject: subjectKey(subject),
      version: Number(event.sequence),
      recognition,
      ...(problem === undefined ? {} : { problem }),
    },
    envelope: event,
    times: { committedAt: event.time, relayedAt: event.relayedat, busAt: envelope.time },
    ...(known ? { event: known } : {}),
  };
}

interface Place<E extends ConsumedEvent> {
  readonly event: ConsumedEvent;
  readonly recognition: InboxMessage['recognition'];
  readonly known?: E;
  readonly problem?: string;
}

/** What a `detail` is about, even if its data can't be read: it has a place among the events of its subject. */
function locate<E extends ConsumedEvent>(detail: unknown, recognise: Recognise<E>): Place<E> | string {
  const recognised = recognise(detail);
  if (recognised.kind === 'known') return { event: recognised.event, recognition: 'known', known: recognised.event };
  if (recognised.kind !== 'malformed') return { event: recognised.event, recognition: recognised.kind };
  const parsed = parseEnvelope(detail);
  return parsed.kind === 'envelope'
    ? { event: parsed.envelope, recognition: 'malformed', problem: recognised.detail }
    : recognised.detail;
}

/** EventBridge's envelope, or what is wrong with the body. */
function readEnvelope(
  body: string,
): { readonly time: string; readonly detail: unknown; readonly isReplayed: boolean } | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof value !== 'object' || value === null || !('detail' in value) || !('time' in value)) {
    return 'the body is not an EventBridge event';
  }
  if (typeof value.time !== 'string' || Number.isNaN(Date.parse(value.time))) {
    return 'the time of the EventBridge event is not a date';
  }
  // A replay adds the member to the event (EventBridge user guide, eb-replay-archived-event).
  return { time: value.time, detail: value.detail, isReplayed: 'replay-name' in value };
}

function keyProblemOf({ sequence }: ConsumedEvent, subject: Subject): string | undefined {
  return /^[1-9]\d{0,9}$/.test(sequence)
    ? subjectProblem(subject)
    : `sequence ${JSON.stringify(sequence)} is not a version`;
}
