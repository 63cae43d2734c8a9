import {
  CreateTableCommand,
  QueryCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshalKey, unmarshalPlain, type Receipt } from '@outbox/function-kit';
import { defineAggregate } from '@outbox/outbox-envelope';
import * as z from 'zod/mini';
import type { ConsumedEvent } from '../event';
import type { Intake } from '../intake';
import type { OutboxPort } from '../outbox-port';

export const NOW = Date.UTC(2026, 0, 1, 12);

/** What consumers in specs emit. */
export const echo = defineAggregate('echo', { events: { Heard: { v1: z.object({ of: z.string() }) } } });

/** An event of thing `id`, with the id `<id>-<version>`. */
export function thingEvent(id: string, version: number): ConsumedEvent {
  return {
    specversion: '1.0',
    id: `${id}-${version}`,
    source: 's',
    aggregatetype: 'thing',
    type: 'Changed',
    subject: id,
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:outbox:event:Changed:v1',
    sequence: String(version),
    partitionkey: `thing#${id}`,
    data: {},
  };
}

/** A delivery of an event as the inbox gets it. */
export function intakeOf(
  event: ConsumedEvent,
  message: Partial<Intake<ConsumedEvent>['message']> = {},
  receipt: Partial<Receipt> = {},
): Intake<ConsumedEvent> {
  const { id, source, aggregatetype: aggregateType, type, subject, sequence } = event;
  return {
    kind: 'intake',
    receipt: {
      messageId: `message-${id}`,
      receiptHandle: 'h',
      body: '',
      queuedAt: NOW - 500,
      firstReceivedAt: NOW,
      receives: 1,
      ...receipt,
    },
    subject: { source, aggregateType, id: subject },
    message: {
      id,
      type,
      subject: `${source}#${aggregateType}#${subject}`,
      version: Number(sequence),
      recognition: 'known',
      ...message,
    },
    times: { committedAt: event.time, relayedAt: '2026-01-01T11:59:59.000Z', busAt: '2026-01-01T11:59:59Z' },
    event,
  };
}

/** Creates a table with the keys that every table here has. */
export async function createTable(dynamodb: DynamoDBClient, tableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
}

/** The items of a partition as plain objects. */
export async function rowsOf(dynamodb: DynamoDBClient, tableName: string, pk: string) {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
    }),
  );
  return Items.map(unmarshalPlain);
}

/** The least outbox that keeps the promises a consumer relies on: a head that owns the sequence, and events beside it. */
export function fakeOutbox(tableName: string): OutboxPort {
  return {
    transactItems: ({ changes, eventId = () => 'random' }) => {
      const drafts = changes.flatMap((change) =>
        change.events.map((draft, index) => ({ change, draft, sequence: change.after + 1 + index })),
      );
      const events = drafts.map(({ change, draft, sequence }, index) => ({
        pk: `${change.aggregate.aggregateType}#${change.id}`,
        sk: `EVENT#${sequence}`,
        id: eventId(index),
        type: draft.type,
      }));
      const heads = changes.map(({ aggregate, id, after, events: { length } }): TransactWriteItem => ({
        Update: {
          TableName: tableName,
          Key: marshalKey({ pk: `${aggregate.aggregateType}#${id}`, sk: 'HEAD' }),
          UpdateExpression: 'SET lastSequence = :last',
          ConditionExpression: after === 0 ? 'attribute_not_exists(pk)' : 'lastSequence = :after',
          ExpressionAttributeValues: {
            ':last': { N: String(after + length) },
            ...(after === 0 ? {} : { ':after': { N: String(after) } }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      }));
      const puts = events.map(({ id, type, ...key }): TransactWriteItem => ({
        Put: {
          TableName: tableName,
          Item: { ...marshalKey(key), id: { S: id }, type: { S: type } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      }));
      return {
        kind: 'part',
        items: [...heads, ...puts],
        outcomeOf: (reasons) => {
          const inTheWay = reasons.slice(heads.length).flatMap(({ Item }) => Item?.['id']?.S ?? []);
          if (events.some(({ id }) => inTheWay.includes(id))) return { kind: 'committed' };
          const index = reasons.slice(0, heads.length).findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
          const change = changes[index];
          if (!change) return undefined;
          const lastSequence = Number(reasons[index]?.Item?.['lastSequence']?.N ?? 0);
          return { kind: 'conflict', aggregateType: change.aggregate.aggregateType, id: change.id, lastSequence };
        },
      };
    },
  };
}
