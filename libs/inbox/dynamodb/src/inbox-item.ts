import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  isoTime,
  itemReader,
  marshalKey,
  marshalPlain,
  unmarshalPlain,
  type Item,
  type ItemReader,
} from '@outbox/function-kit';
import type { Head, InboxMessage, Pending, StoredState } from '@outbox/inbox-rules';
import type { ConsumedEvent } from './event';
import type { Intake } from './intake';
import { PENDING, readPending } from './pending-item';
import { subjectKey, type Subject } from './subject';

/** The fields of an effect, as a consumer builds them: plain values. */
export type EffectFields = Readonly<Record<string, unknown>>;

/**
 * What stands beside every effect: which event it came from and when that passed each hop (ISO-8601), so that a trace
 * needs the tables only.
 */
export interface AppliedRecord {
  readonly eventId: string;
  readonly version: number;
  readonly type: string;
  readonly committedAt: string;
  readonly relayedAt?: string;
  readonly busAt: string;
  readonly queuedAt: string;
  readonly appliedAt: string;
  /** How often the queue had delivered the message by then. */
  readonly receives: number;
  /** Which attempt it was that completed it, from 1. */
  readonly attempts: number;
}

/** The record of a completed event as it lies in the table. */
export interface StoredRecord extends AppliedRecord {
  readonly sk: string;
  /** When its effect was erased, ISO-8601. */
  readonly erasedAt?: string;
}

/** All that a consumer's table holds of one subject. */
export interface SubjectState {
  /** Absent under `once`, and before the first event. */
  readonly head?: Head;
  /** Of completed events; under `latest` the one of the head. */
  readonly records: readonly StoredRecord[];
  /** What was begun and isn't completed: claims, failed attempts, dead letters. */
  readonly pending: readonly Pending[];
  /** What was passed over: by the consumer, since its code doesn't want the type, or by an operator. */
  readonly skips: readonly StoredSkip[];
}

/** A note about the versions after `from`, up to `to`: nothing was done for them. */
export interface StoredSkip {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}

const HEAD_SK = 'INBOX';
const SKIP = 'SKIP#';

/** The attribute that holds an effect's fields, so that none of their names can collide with the record's own. */
const EFFECT = 'effect';

/** Attributes of the record and the head: an effect's field of such a name can't be copied beside them. */
const OWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['pk', 'sk', 'eventId', 'version', 'type', 'committedAt', 'relayedAt', 'busAt', 'queuedAt', 'appliedAt'],
  ...[
    'receives',
    'status',
    'firstVersion',
    'lastVersion',
    'lastEventId',
    'joinedAt',
    'updatedAt',
    'expiresAt',
    'erasedAt',
    'attempts',
    EFFECT,
    PENDING,
  ],
]);

/** Why a field can't be declared as `indexed`; undefined when it can. */
export function indexedProblem(name: string): string | undefined {
  return OWN_ATTRIBUTES.has(name) ? `${name} is an attribute of the record itself` : undefined;
}

/** The key of a subject's head. */
export function headKey(subject: Subject): Key {
  return headKeyOf(subjectKey(subject));
}

/** The key of a subject's head, by the subject's partition key. */
export function headKeyOf(partition: string): Key {
  return { pk: partition, sk: HEAD_SK };
}

/** The key of the record of a version: sorts as the versions do. */
export function recordKey({ subject, version }: Pick<InboxMessage, 'subject' | 'version'>): Key {
  return { pk: subject, sk: `EFFECT#${padded(version)}` };
}

/** A note about versions that are passed over, with its key. */
export function skipItem(
  subject: string,
  skip: StoredSkip & { /** Who did it. */ readonly by: string; /** ISO-8601. */ readonly at: string },
): Item {
  return { ...marshalKey({ pk: subject, sk: `${SKIP}${padded(skip.to)}` }), ...marshalPlain({ ...skip }) };
}

/** A version of a subject that an in-order consumer looked for in vain at `now`, milliseconds since the epoch. */
export interface Missed {
  readonly subject: string;
  readonly version: number;
  readonly now: number;
  /** Since when it is missed, milliseconds since the epoch. */
  readonly since: number;
  /** Days until the note expires. */
  readonly retentionDays: number;
}

/** The key of the note about the version of a subject that is missed. */
export function missedKey(subject: string): Key {
  return { pk: subject, sk: 'MISSED' };
}

/** The note about a version that is missed. */
export function missedItem({ subject, version, now, since, retentionDays }: Missed): Item {
  return {
    ...marshalKey(missedKey(subject)),
    missing: { N: String(version) },
    since: { S: isoTime(since) },
    lookedAt: { S: isoTime(now) },
    expiresAt: { N: String(Math.floor(now / 1_000) + retentionDays * 86_400) },
  };
}

/** Reads the note about a missed version: since when, and when it was last looked for (milliseconds since the epoch). @throws CorruptItemError */
export function readMissed(
  table: string,
  item: Item,
): { readonly version: number; readonly since: number; readonly lookedAt: number } {
  const read = itemReader(table, item);
  const [since, lookedAt] = [Date.parse(read.text('since')), Date.parse(read.text('lookedAt'))];
  return { version: read.number('missing'), since, lookedAt };
}

function padded(version: number): string {
  return String(version).padStart(10, '0');
}

/** The record of an event applied at `now` (milliseconds since the epoch). */
export function appliedRecord(
  { message, times, receipt }: Intake<ConsumedEvent>,
  now: number,
  attempts: number,
): AppliedRecord {
  return {
    eventId: message.id,
    version: message.version,
    type: message.type,
    ...times,
    queuedAt: isoTime(receipt.queuedAt),
    appliedAt: isoTime(now),
    receives: receipt.receives,
    attempts,
  };
}

/**
 * The attributes of a completed event, without a key: its record, the effect in a map, and copies of the fields that an
 * index needs. `expiresAt` says when it may be forgotten, in epoch seconds.
 * @throws UnstorableValueError naming the field of the effect
 */
export function recordItem(
  record: AppliedRecord,
  effect: EffectFields,
  {
    indexed = [],
    expiresAt,
  }: { readonly indexed?: readonly string[]; expiresAt?(hasEffect: boolean): number | undefined } = {},
): Record<string, AttributeValue> {
  const fields = marshalPlain(effect);
  const hasEffect = Object.keys(fields).length > 0;
  const expiry = expiresAt?.(hasEffect);
  const copies = indexed.flatMap((name) => (fields[name] ? [[name, fields[name]] as const] : []));
  return {
    ...Object.fromEntries(copies),
    ...(hasEffect ? { [EFFECT]: { M: fields } } : {}),
    ...marshalPlain({ ...record, status: 'completed' }),
    ...(expiry === undefined ? {} : { expiresAt: { N: String(expiry) } }),
  };
}

/** The head after `message`, with its key; `began` says what the consumer began with, if not with this. */
export function headItem(
  { id, subject, version }: Pick<InboxMessage, 'id' | 'subject' | 'version'>,
  { firstVersion, joinedAt }: Pick<Head, 'firstVersion' | 'joinedAt'> = { firstVersion: version },
) {
  return {
    ...marshalKey(headKeyOf(subject)),
    firstVersion: { N: String(firstVersion) },
    lastVersion: { N: String(version) },
    lastEventId: { S: id },
    ...(joinedAt === undefined ? {} : { joinedAt: { S: joinedAt } }),
  };
}

/** @throws CorruptItemError when the item is no head */
export function readHead(table: string, item: Item): Head {
  const read = itemReader(table, item);
  return {
    firstVersion: read.number('firstVersion'),
    lastVersion: read.number('lastVersion'),
    lastEventId: read.text('lastEventId'),
    ...read.optionalTexts('joinedAt'),
    ...(item['updatedAt'] === undefined ? {} : { movedAt: Date.parse(read.text('updatedAt')) }),
  };
}

/** As `readHead`; undefined while nothing was completed, and the item only holds what is pending. */
export function readOptionalHead(table: string, item: Item): Head | undefined {
  return item['lastVersion'] === undefined ? undefined : readHead(table, item);
}

/** Reads the fields of an effect. @throws CorruptItemError when the item holds none */
export function readEffect(table: string, item: Item): ItemReader {
  return itemReader(table, item).map(EFFECT);
}

/** The fields of the effect of a completed event as plain values, none once they were erased; undefined while it isn't completed. */
export function readRecordedEffect(item: Item): Readonly<Record<string, unknown>> | undefined {
  return item['eventId'] === undefined ? undefined : unmarshalPlain(item[EFFECT]?.M ?? {});
}

/** What selects the records of events committed since a time (epoch milliseconds); heads and notes are none. */
export function committedSince(time: number) {
  return {
    FilterExpression: 'committedAt >= :since',
    ExpressionAttributeValues: { ':since': { S: isoTime(time) } },
  };
}

/** The path of an effect's field in an expression; `name` may be a placeholder. */
export function effectPath(name: string): string {
  return `${EFFECT}.${name}`;
}

/** The attributes of a record that hold its effect's fields: the effect, and the copies that an index needs. */
export function contentOf(item: Item): string[] {
  if (item['eventId'] === undefined) return [];
  return Object.keys(item).filter((name) => name === EFFECT || !OWN_ATTRIBUTES.has(name));
}

/** Reads of a record what tells one event from another. @throws CorruptItemError when the item is no record */
export function readRecordId(table: string, item: Item): NonNullable<StoredState['record']> {
  const read = itemReader(table, item);
  return { version: read.number('version'), eventId: read.text('eventId') };
}

/**
 * What the items of a subject's partition say.
 * @throws CorruptItemError
 */
export function readSubject(table: string, items: readonly Item[]): SubjectState {
  const head = items.find((item) => item['sk']?.S === HEAD_SK);
  const lastApplied = head && readOptionalHead(table, head);
  return {
    ...(lastApplied ? { head: lastApplied } : {}),
    // A head that isn't an effect too, and notes about skips and missed versions, hold no event's record.
    records: items.filter((item) => item['eventId'] !== undefined).map((item) => readRecord(table, item)),
    pending: items.flatMap((item) => readPending(table, item) ?? []),
    skips: items.filter((item) => item['sk']?.S?.startsWith(SKIP)).map((item) => readSkip(table, item)),
  };
}

function readSkip(table: string, item: Item): StoredSkip {
  const read = itemReader(table, item);
  return { from: read.number('from'), to: read.number('to'), reason: read.text('reason') };
}

function readRecord(table: string, item: Item): StoredRecord {
  const read = itemReader(table, item);
  return {
    sk: read.text('sk'),
    ...readRecordId(table, item),
    type: read.text('type'),
    committedAt: read.text('committedAt'),
    ...read.optionalTexts('relayedAt', 'erasedAt'),
    busAt: read.text('busAt'),
    queuedAt: read.text('queuedAt'),
    appliedAt: read.text('appliedAt'),
    receives: read.number('receives'),
    attempts: read.number('attempts'),
  };
}
