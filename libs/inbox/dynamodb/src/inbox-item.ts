import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { isoTime, itemReader, marshalKey, type Item } from '@outbox/function-kit';
import type { InboxMessage, StoredState } from '@outbox/inbox-rules';
import type { ConsumedEvent } from './event';
import type { Intake } from './intake';

/** The flat attributes of an effect, as a consumer builds them. */
export type EffectFields = Readonly<Record<string, string | number | boolean | undefined>>;

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
}

/** A record as it lies in the table. */
export interface StoredRecord extends AppliedRecord {
  readonly sk: string;
}

/** How far an `in-order` or `latest` consumer is with a subject. */
export type Head = NonNullable<StoredState['head']>;

/** All that a consumer's table holds of one subject. */
export interface SubjectState {
  /** Absent under `once`, and before the first event. */
  readonly head?: Head;
  /** Under `latest` the one of the head. */
  readonly records: readonly StoredRecord[];
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}

const HEAD_SK = 'INBOX';

/** The key of a subject's head. */
export function headKey(subject: string): Key {
  return { pk: subject, sk: HEAD_SK };
}

/** The key of the effect of a version: sorts as the versions do. */
export function versionKey(subject: string, version: number): Key {
  return { pk: subject, sk: `EFFECT#${padded(version)}` };
}

/** The key of the effect of a type. */
export function typeKey(subject: string, type: string): Key {
  return { pk: subject, sk: `EFFECT#${type}` };
}

/** The key of the note about a step of the head over versions up to this one. */
export function skipKey(subject: string, version: number): Key {
  return { pk: subject, sk: `SKIP#${padded(version)}` };
}

function padded(version: number): string {
  return String(version).padStart(10, '0');
}

/** The record of an event applied at `now` (milliseconds since the epoch). */
export function appliedRecord({ message, times, receipt }: Intake<ConsumedEvent>, now: number): AppliedRecord {
  return {
    eventId: message.id,
    version: message.version,
    type: message.type,
    ...times,
    queuedAt: isoTime(receipt.queuedAt),
    appliedAt: isoTime(now),
    receives: receipt.receives,
  };
}

/** Marshals flat fields; undefined ones are left out. */
export function toItem(fields: EffectFields | AppliedRecord): Item {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]): [string, AttributeValue][] => {
      if (typeof value === 'string') return [[name, { S: value }]];
      if (typeof value === 'number') return [[name, { N: String(value) }]];
      return typeof value === 'boolean' ? [[name, { BOOL: value }]] : [];
    }),
  );
}

/** The head after `message`, with its key. */
export function headItem({ id, subject, version }: Pick<InboxMessage, 'id' | 'subject' | 'version'>) {
  return {
    ...marshalKey(headKey(subject)),
    lastVersion: { N: String(version) },
    lastEventId: { S: id },
  };
}

/**
 * The part of a transaction that moves a subject's head on, on condition that it hasn't moved since `seen` was read;
 * undefined: there was none.
 */
export function moveHead(
  tableName: string,
  message: Pick<InboxMessage, 'id' | 'subject' | 'version'>,
  seen: Head | undefined,
  writtenAt: string,
): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: { ...headItem(message), updatedAt: { S: writtenAt } },
      ...(seen
        ? {
            ConditionExpression: 'lastVersion = :seen',
            ExpressionAttributeValues: { ':seen': { N: String(seen.lastVersion) } },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

/** @throws CorruptItemError when the item is no head */
export function readHead(table: string, item: Item): Head {
  const read = itemReader(table, item);
  return { lastVersion: read.number('lastVersion'), lastEventId: read.text('lastEventId') };
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
  return {
    ...(head ? { head: readHead(table, head) } : {}),
    // A head that isn't an effect too, and notes about skips, hold no event's record.
    records: items.filter((item) => item['eventId'] !== undefined).map((item) => readRecord(table, item)),
  };
}

function readRecord(table: string, item: Item): StoredRecord {
  const read = itemReader(table, item);
  return {
    sk: read.text('sk'),
    ...readRecordId(table, item),
    type: read.text('type'),
    committedAt: read.text('committedAt'),
    ...read.optionalTexts('relayedAt'),
    busAt: read.text('busAt'),
    queuedAt: read.text('queuedAt'),
    appliedAt: read.text('appliedAt'),
    receives: read.number('receives'),
  };
}
