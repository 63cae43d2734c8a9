import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemReader, marshalKey, marshalPlain, type Item } from '@outbox/function-kit';
import { headItem } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { LayoutPorts } from './layout';
import { subjectKey, type Subject } from './subject';

/** Where a consumer begins with the events of one source, as an operator had it. */
export interface Start {
  /** `now`: what was committed before `at` isn't the consumer's. `beginning`: all of it is. */
  readonly from: StartFrom;
  /** ISO-8601. */
  readonly at: string;
  /** ARN of who did it. */
  readonly by: string;
}

export type StartFrom = (typeof STARTS)[number];

const STARTS = ['now', 'beginning'] as const;

/** No subject has a key that begins like this. */
const START_PK = '#start';

function startKey(source: string) {
  return { pk: START_PK, sk: source };
}

/** Where a consumer begins with a source's events; undefined: nobody said, so at the beginning. @throws CorruptItemError */
export async function loadStart(ports: LayoutPorts, source: string): Promise<Start | undefined> {
  const item = await loadItem(ports, startKey(source));
  return item && readStart(ports.tableName, item);
}

/** Whether an event committed at that time (ISO-8601) isn't the consumer's. */
export function isBeforeStart(start: Start | undefined, committedAt: string): boolean {
  return start?.from === 'now' && Date.parse(committedAt) < Date.parse(start.at);
}

/** Writes down where a consumer begins, unless that was done before; returns what holds. @throws CorruptItemError */
export async function writeStart({ dynamodb, tableName }: LayoutPorts, source: string, start: Start): Promise<Start> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...marshalKey(startKey(source)), ...marshalPlain({ ...start }) },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return start;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
    return readStart(tableName, error.Item);
  }
}

/** The last event of a subject that a consumer leaves aside. */
export interface Seed {
  readonly subject: Subject;
  readonly lastVersion: number;
  readonly lastEventId: string;
  /** The start's `at`. */
  readonly joinedAt: string;
}

/**
 * Has an in-order or latest consumer begin with the event after `lastVersion`. False: it knows the subject already, and
 * nothing was changed.
 */
export async function seedHead(
  { dynamodb, tableName }: LayoutPorts,
  { subject, lastVersion, lastEventId: id, joinedAt }: Seed,
): Promise<boolean> {
  const began = { firstVersion: lastVersion + 1, joinedAt };
  const head = headItem({ subject: subjectKey(subject), version: lastVersion, id }, began);
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...head, updatedAt: { S: joinedAt } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function readStart(table: string, item: Item): Start {
  const read = itemReader(table, item);
  const from = STARTS.find((word) => word === read.text('from')) ?? read.corrupt('from');
  return { from, at: read.text('at'), by: read.text('by') };
}
