import { draftProblem, MAX_HOPS, parseEnvelope, type EventDraft, type EventEnvelope } from '@outbox/outbox-envelope';
import { aggregateKey } from './aggregate-key';
import type { Change, CommitContext, RefusedChange } from './change';
import { eventKey, OUTBOX_ENTITY, type OutboxItem } from './outbox-item';
import { shardOf } from './shard';
import { unsendablePath } from './unsendable';
import { utf8Bytes } from './utf8';

/**
 * UTF-8 bytes an envelope may have. Every queue takes 262,144; a bigger event would be committed and then undeliverable
 * for ever, so it is refused before the transaction.
 */
export const MAX_ENVELOPE_BYTES = 200_000;

/** Longest id of an aggregate in bytes: a consumer's key holds source and aggregate type beside it, and has 2,048. */
export const MAX_ID_BYTES = 1_024;

/** Of the outbox that a change is appended to. */
export interface AppendPolicy {
  /** CloudEvents `source` of its events. */
  readonly source: string;
  /** So long after its commit an unpublished event is due for the sweeper. */
  readonly thresholdMs: number;
}

/** What a commit is stamped with. */
export interface Stamp {
  /** Time of the commit, milliseconds since the epoch. */
  readonly now: number;
  /** Id of the change's event at a position, from 0. */
  readonly eventId: (index: number) => string;
}

/** A step of an aggregate's head: from `after` to `lastSequence`, or not at all. */
export interface HeadMove {
  readonly pk: string;
  readonly after: number;
  readonly lastSequence: number;
  /** Of a new aggregate: whom it belongs to, if that is known. */
  readonly owner?: string;
}

/** The parts of a transaction that commit a change. */
export interface Appended {
  readonly kind: 'appended';
  readonly head: HeadMove;
  /** One per event, in their order. */
  readonly items: readonly OutboxItem[];
}

/** The head's step and the outbox items of a change, or why no consumer could ever get its events. */
export function append(
  change: Change,
  context: CommitContext,
  stamp: Stamp,
  policy: AppendPolicy,
): Appended | RefusedChange {
  const { aggregate, id, after, events } = change;
  const refuse = (reason: RefusedChange['reason'], detail: string): RefusedChange => ({
    kind: 'refused',
    reason,
    detail,
  });
  if (!Number.isSafeInteger(after) || after < 0) throw new RangeError(`after is a sequence number or 0, not ${after}`);
  const idBytes = utf8Bytes(id);
  if (idBytes < 1 || idBytes > MAX_ID_BYTES) {
    return refuse('invalid-id', `an id of ${idBytes} bytes; an aggregate's id has 1 to ${MAX_ID_BYTES}`);
  }
  if (events.length === 0) return refuse('no-events', `a change of ${aggregate.aggregateType} ${id} without an event`);
  const hops = context.causation ? (context.causation.hops ?? 0) + 1 : 0;
  if (hops >= MAX_HOPS) {
    return refuse(
      'too-many-hops',
      `event ${context.causation?.id} is ${hops} events away from its request: a loop of consumers`,
    );
  }
  const pk = aggregateKey(aggregate.aggregateType, id);
  const items: OutboxItem[] = [];
  for (const [index, draft] of events.entries()) {
    const event = envelopeOf(draft, pk, change, context, hops, index, stamp, policy);
    const detail = jsonOf(event);
    if (typeof detail !== 'string') return refuse('invalid-data', `${draft.type}: ${detail.problem}`);
    // Consumers get the JSON, in which a date is text and what is undefined is gone.
    const sent = parseEnvelope(JSON.parse(detail));
    if (sent.kind === 'malformed') return refuse('invalid-data', `${draft.type}: ${sent.detail}`);
    const problem = draftProblem(aggregate.eventTypes, { ...draft, data: sent.envelope.data });
    if (problem) return refuse(problem.kind, `${problem.kind === 'invalid-data' ? 'as JSON, ' : ''}${problem.detail}`);
    const unsendable = unsendablePath(sent.envelope)?.join('.').toWellFormed();
    if (unsendable !== undefined) {
      return refuse('unsendable', `${draft.type}: ${unsendable} has half of a surrogate pair, U+FFFE or U+FFFF`);
    }
    const bytes = utf8Bytes(detail);
    if (bytes > MAX_ENVELOPE_BYTES) {
      return refuse('too-large', `${draft.type} has ${bytes} bytes, at most ${MAX_ENVELOPE_BYTES} are taken`);
    }
    items.push({
      pk,
      sk: eventKey(Number(event.sequence)),
      entity: OUTBOX_ENTITY,
      id: event.id,
      type: event.type,
      committedAt: event.time,
      attempts: 0,
      detail,
      unpublishedShard: shardOf(pk),
      dueAt: new Date(stamp.now + policy.thresholdMs).toISOString(),
    });
  }
  const owner = after === 0 ? ownerIn(context) : undefined;
  const head = { pk, after, lastSequence: after + events.length, ...(owner === undefined ? {} : { owner }) };
  return { kind: 'appended', head, items };
}

/** The event as text, or why it has none: a bigint or a circle. */
function jsonOf(event: EventEnvelope): string | { readonly problem: string } {
  try {
    return JSON.stringify(event);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function envelopeOf(
  { type, dataschema, data, aggregatetype }: EventDraft,
  partitionkey: string,
  { id, after }: Change,
  { causation, ...given }: CommitContext,
  hops: number,
  index: number,
  { now, eventId }: Stamp,
  { source }: AppendPolicy,
): EventEnvelope {
  const { traceparent, tracestate } = given.traceparent === undefined ? { ...causation } : given;
  const correlationid = given.correlationId ?? causation?.correlationid;
  const owner = ownerIn({ causation, ...given });
  return {
    specversion: '1.0',
    id: eventId(index),
    source,
    type,
    aggregatetype,
    subject: id,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    dataschema,
    sequence: String(after + index + 1),
    partitionkey,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(traceparent === undefined || tracestate === undefined ? {} : { tracestate }),
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(causation ? { causationid: causation.id, hops } : {}),
    ...(owner === undefined ? {} : { owner }),
    data,
  };
}

function ownerIn({ owner, causation }: CommitContext): string | undefined {
  return owner ?? causation?.owner;
}
