import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defineAggregate, type EventDraft } from '@outbox/outbox-envelope';
import { append, type Change, type OutboxItem } from '@outbox/outbox-rules';
import * as z from 'zod/mini';

/** An aggregate for specs: its events carry any note. */
export const parcel = defineAggregate('parcel', {
  events: { Registered: { v1: z.object({ note: z.string() }) }, Moved: { v1: z.object({ note: z.string() }) } },
});

/** So long after its commit an event of `outboxItem` is due. */
export const THRESHOLD_MS = 60_000;

/** The event of one sequence number of a parcel: the first registers it, the others move it. */
export function parcelEvent(sequence: number, note = ''): EventDraft {
  return sequence === 1 ? parcel.Registered({ note }) : parcel.Moved({ note });
}

/** The outbox item of one event of a parcel, committed at `now` with the id `<id>-<sequence>`. */
export function outboxItem(id: string, sequence: number, now: number, note = ''): OutboxItem {
  const change: Change = { aggregate: parcel, id, after: sequence - 1, events: [parcelEvent(sequence, note)] };
  const stamp = { now, eventId: () => `${id}-${sequence}` };
  const appended = append(change, {}, stamp, { source: 'parcels', thresholdMs: THRESHOLD_MS });
  const [item] = appended.kind === 'appended' ? appended.items : [];
  if (!item) throw new Error('refused');
  return item;
}

/** Creates an outbox table as modules/outbox does, but for its stream and expiry. */
export async function createOutboxTable(dynamodb: DynamoDBClient, tableName: string): Promise<void> {
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'unpublishedShard', 'dueAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'unpublished',
          KeySchema: schema('unpublishedShard', 'dueAt'),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
}
