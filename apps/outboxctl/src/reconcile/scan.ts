import { BatchGetItemCommand, ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import { committedSince, readSubjectKey } from '@outbox/inbox-dynamodb';
import {
  OUTBOX_HEAD_ATTRIBUTES,
  OUTBOX_SUMMARY_ATTRIBUTES,
  outboxHeadKey,
  PASSED_OVER_ATTRIBUTES,
} from '@outbox/outbox-dynamodb';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import { aggregateOfKey, keyOfAggregate } from '../aggregate-key';
import type { Stack } from '../stack';
import { readAggregateState, type AggregateState, type ReadCount } from '../tables';
import { projectionOf } from '../trace/load';

export interface ScannedAggregate {
  readonly about: AggregateId;
  readonly state: AggregateState;
}

/** What is judged of the outbox table: without `detail`, which is most of it, and of which an aggregate may have thousands. */
export const JUDGED = [
  ...new Set([...OUTBOX_HEAD_ATTRIBUTES, ...OUTBOX_SUMMARY_ATTRIBUTES, ...PASSED_OVER_ATTRIBUTES]),
];

/** A share of a table by DynamoDB's own division, which never divides a partition: segment 0 to `of` - 1. */
export interface Segment {
  readonly segment: number;
  readonly of: number;
}

/**
 * Every aggregate of a segment with its outbox items, one at a time: a Scan yields a partition's items together, so memory
 * holds one page and one aggregate whatever the table's size.
 */
export async function* scanAggregates(
  dynamodb: DynamoDBClient,
  table: string,
  read: ReadCount,
  segment?: Segment,
): AsyncGenerator<ScannedAggregate> {
  const scanned = ({ about, items }: Current): ScannedAggregate => ({ about, state: readAggregateState(table, items) });
  let current: Current | undefined;
  for await (const item of scan(dynamodb, table, read, JUDGED, { segment })) {
    const pk = item['pk']?.S ?? '';
    const about = aggregateOfKey(pk);
    // The sweeper's state lies there besides.
    if (about === undefined) continue;
    if (current && current.pk !== pk) {
      yield scanned(current);
      current = undefined;
    }
    current ??= { pk, about, items: [] };
    current.items.push(item);
  }
  if (current) yield scanned(current);
}

interface Current {
  readonly pk: string;
  readonly about: AggregateId;
  readonly items: Item[];
}

/** Items of one BatchGetItem (DynamoDB API reference). */
const MAX_BATCH = 100;

/**
 * Aggregates of the stack's source that a consumer's table speaks of, and whose head the outbox does not have. With
 * `since` (epoch milliseconds, above 0) those alone of which it has done an event committed since then.
 */
export async function* scanOrphans(
  dynamodb: DynamoDBClient,
  stack: Pick<Stack, 'outbox_table_name' | 'event_source'>,
  consumerTable: string,
  read: ReadCount,
  { since = 0, segment }: { readonly since?: number; readonly segment?: Segment } = {},
): AsyncGenerator<AggregateId> {
  let batch = new Map<string, AggregateId>();
  let last = '';
  for await (const item of scan(dynamodb, consumerTable, read, ['pk'], { since, segment })) {
    const pk = item['pk']?.S ?? '';
    const subject = pk === last ? undefined : readSubjectKey(pk);
    last = pk;
    // A consumer may listen to other outboxes too.
    if (subject?.source !== stack.event_source) continue;
    const about = { aggregate: subject.aggregateType, id: subject.id };
    batch.set(formatAggregateId(about), about);
    if (batch.size === MAX_BATCH) {
      yield* withoutHead(dynamodb, stack.outbox_table_name, batch, read);
      batch = new Map();
    }
  }
  if (batch.size > 0) yield* withoutHead(dynamodb, stack.outbox_table_name, batch, read);
}

async function* scan(
  dynamodb: DynamoDBClient,
  table: string,
  read: ReadCount,
  attributes: readonly string[],
  { since = 0, segment }: { readonly since?: number; readonly segment: Segment | undefined },
): AsyncGenerator<Item> {
  const { ExpressionAttributeNames, ...projection } = projectionOf(attributes);
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...projection,
        ExpressionAttributeNames,
        ...(segment ? { Segment: segment.segment, TotalSegments: segment.of } : {}),
        ...(since > 0 ? committedSince(since) : {}),
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    read.items += page.ScannedCount ?? 0;
    read.capacityUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

async function* withoutHead(
  dynamodb: DynamoDBClient,
  table: string,
  aggregates: ReadonlyMap<string, AggregateId>,
  read: ReadCount,
): AsyncGenerator<AggregateId> {
  const unknown = new Map([...aggregates.values()].map((about) => [keyOfAggregate(about), about]));
  let keys = [...unknown.keys()].map((pk) => marshalKey(outboxHeadKey(pk)));
  while (keys.length > 0) {
    const answer = await dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: keys, ConsistentRead: true, ProjectionExpression: 'pk' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    const found = answer.Responses?.[table] ?? [];
    read.items += found.length;
    for (const consumed of answer.ConsumedCapacity ?? []) read.capacityUnits += consumed.CapacityUnits ?? 0;
    for (const { pk } of found) unknown.delete(pk?.S ?? '');
    keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
  }
  yield* unknown.values();
}
