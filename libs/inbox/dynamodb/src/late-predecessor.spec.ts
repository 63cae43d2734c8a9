import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createOutbox, writeRearmed } from '@outbox/outbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import {
  busEnvelope,
  createSeededIds,
  recordingClient,
  recordingTelemetry,
  sqsRecord,
  createTable,
  startDynamoDb,
  type SpecDynamoDb,
} from '@outbox/testing';
import * as z from 'zod/mini';
import { consumer } from './consumer';
import { NOW, rowsOf } from './testing/lab';

jest.setTimeout(30_000);

const HOUR = 3_600_000;
const thing = defineAggregate('thing', { events: { Moved: { v1: z.object({}) } } });
const handler = consumer({ name: 'spec', policy: 'in-order', on: thing, effect: () => ({ seen: true }) });

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

/** Three events are committed; 1 came to the consumer, 3 did, and what became of 2 the outbox knows. */
describe('an in-order consumer whose predecessor doesn’t come', () => {
  it('waits for hours while it isn’t published, and goes on once it is', async () => {
    const { deliver, applied } = await setUp();
    for (const hours of [0, 1, 2, 20, 71]) expect(await deliver(3, hours)).toEqual({ again: true, reason: undefined });
    expect(await deliver(2, 71)).toEqual({ again: false, reason: undefined });
    expect(await deliver(3, 71.5)).toEqual({ again: false, reason: undefined });
    expect(await applied()).toEqual([1, 2, 3]);
  });

  it('waits while the sweeper has given it up, and while it was brought back to be published again', async () => {
    const { deliver, update, rearm } = await setUp();
    await update(2, 'SET failedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T12:30:00.000Z');
    expect(await deliver(3, 2)).toEqual({ again: true, reason: undefined });
    await update(2, 'SET publishedAt = :at REMOVE failedAt', '2026-01-01T12:30:00.000Z');
    await rearm(2);
    expect(await deliver(3, 2)).toEqual({ again: true, reason: undefined });
  });

  it('sets aside as a gap what waited its budget for one that was published, and lost', async () => {
    const { deliver, update } = await setUp();
    await update(2, 'SET publishedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T14:00:00.000Z');
    expect(await deliver(3, 2)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 2.9)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 3)).toEqual({ again: false, reason: 'gap' });
  });

  it('sets aside as a gap what waited its budget for one that retention removed', async () => {
    const { deliver } = await setUp({ committed: 1 });
    for (const hours of [0.1, 1.05]) expect(await deliver(3, hours)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 1.1)).toEqual({ again: false, reason: 'gap' });
  });

  it('sets aside as a gap what waited its budget for one that was given up, and erased', async () => {
    const { deliver, update } = await setUp();
    await update(2, 'SET failedAt = :at, erasedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T12:30:00.000Z');
    expect(await deliver(3, 0.1)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 1.1)).toEqual({ again: false, reason: 'gap' });
  });

  it('gives up after the budget where it may not read the outbox', async () => {
    const { deliver } = await setUp({ mayRead: false });
    expect(await deliver(3, 0.1)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 1.1)).toEqual({ again: false, reason: 'gap' });
  });

  it('gives its predecessor the whole budget after hours in which the consumer itself could not work', async () => {
    const { deliver, update, applied } = await setUp();
    await update(2, 'SET publishedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T12:01:00.000Z');
    // Its first deliveries failed before anything was decided; both are on the queue, and 3 is handed out first.
    for (const hours of [5, 5.9]) expect(await deliver(3, hours)).toEqual({ again: true, reason: undefined });
    expect(await deliver(2, 5.9)).toEqual({ again: false, reason: undefined });
    expect(await deliver(3, 6.2)).toEqual({ again: false, reason: undefined });
    expect(await applied()).toEqual([1, 2, 3]);
  });

  it('gives it the whole budget again after hours without a look, the second outage of the consumer', async () => {
    const { deliver, update } = await setUp();
    await update(2, 'SET publishedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T12:01:00.000Z');
    for (const hours of [1, 1.5, 5, 5.9]) expect(await deliver(3, hours)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 6)).toEqual({ again: false, reason: 'gap' });
  });

  it('lets those that wait behind one another, of a subject it may begin anywhere, wait no longer than one', async () => {
    const { deliver, applied } = await setUp({ committed: 0, first: 0, start: 'first-seen' });
    // Each comes again and again: version 3 misses 2, and 4 misses 3.
    for (const hours of [0.1, 0.4, 0.8]) {
      expect(await deliver(3, hours)).toEqual({ again: true, reason: undefined });
      expect(await deliver(4, hours)).toEqual({ again: true, reason: undefined });
    }
    expect(await deliver(4, 1.2)).toEqual({ again: true, reason: undefined });
    expect(await deliver(3, 1.2)).toEqual({ again: false, reason: undefined });
    expect(await deliver(4, 1.21)).toEqual({ again: false, reason: undefined });
    expect(await applied()).toEqual([3, 4]);
  });

  it('looks often, and notes it now and then', async () => {
    const { deliver, update, notes } = await setUp();
    await update(2, 'SET publishedAt = :at REMOVE unpublishedShard, dueAt', '2026-01-01T12:01:00.000Z');
    for (let minutes = 6; minutes < 60; minutes += 2) await deliver(3, minutes / 60);
    expect(notes()).toBe(4);
    expect(await deliver(3, 1.2)).toEqual({ again: false, reason: 'gap' });
  });

  it('asks nothing in the first minutes', async () => {
    const { deliver, asked } = await setUp();
    await deliver(3, 0.05);
    expect(asked()).toBe(0);
    await deliver(3, 0.1);
    expect(asked()).toBe(1);
  });
});

let stacks = 0;

async function setUp({ committed = 3, mayRead = true, first = 1, start = 'beginning' } = {}) {
  stacks += 1;
  const [table, outboxTable] = [`consumer-${stacks}`, `outbox-${stacks}`];
  await createTable(local.client, table);
  await createTable(local.client, outboxTable);
  const outbox = createOutbox({
    dynamodb: local.client,
    tableName: outboxTable,
    source: 's',
    thresholdMs: 60_000,
    clock: { now: () => NOW },
  });
  for (let after = 0; after < committed; after += 1) {
    await outbox.commit({ aggregate: thing, id: 'o', after, events: [thing.Moved({})] });
  }
  const key = (version: number) => ({ pk: 'thing#o', sk: `EVENT#${String(version).padStart(10, '0')}` });
  const eventOf = (version: number) => ({
    specversion: '1.0',
    id: `e-${version}`,
    source: 's',
    aggregatetype: 'thing',
    type: 'ThingMoved',
    subject: 'o',
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:outbox:event:ThingMoved:v1',
    sequence: String(version),
    partitionkey: 'thing#o',
    data: {},
  });
  const sqs = recordingClient();
  let now = NOW;
  let asked = 0;
  let notes = 0;
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: 'spec',
      CONSUMER_POLICY: 'in-order',
      CONSUMER_TABLE_NAME: table,
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
      PARK_BUDGET_SECONDS: '3600',
      IN_ORDER_START: start,
      ...(mayRead ? { SOURCE_OUTBOX_TABLE_NAME: outboxTable } : {}),
    },
    dynamodb: {
      send: (command: { input: { TableName?: string; Item?: Record<string, { S?: string }> } }) => {
        if (command.input.TableName === outboxTable) asked += 1;
        if (command.input.Item?.['sk']?.S === 'MISSED') notes += 1;
        return local.client.send(command as never);
      },
    } as unknown as DynamoDBClient,
    sqs: sqs as unknown as SQSClient,
    clock: { now: () => now },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  });
  /** A delivery so many hours after the queue first handed the message out: whether it comes again, and the DLQ's reason. */
  const deliver = async (version: number, hours: number) => {
    now = NOW + hours * HOUR;
    const before = sqs.inputs.length;
    const receipt = { messageId: `m-${version}`, queuedAt: NOW, firstReceivedAt: NOW, receives: 20 };
    const { batchItemFailures } = await handle(
      { Records: [sqsRecord(busEnvelope(eventOf(version)), receipt)] },
      { getRemainingTimeInMillis: () => 30_000 },
    );
    const sent = sqs.inputs.slice(before) as { MessageAttributes?: { reason?: { StringValue?: string } } }[];
    const reason = sent.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue).find(Boolean);
    return { again: batchItemFailures.length > 0, reason };
  };
  if (first > 0) await deliver(first, 0);
  return {
    deliver,
    asked: () => asked,
    notes: () => notes,
    applied: async () =>
      (await rowsOf(local.client, table, 's#thing#o')).flatMap(({ sk, version }) =>
        String(sk).startsWith('EFFECT#') ? version : [],
      ),
    update: (version: number, UpdateExpression: string, at: string) =>
      local.client.send(
        new UpdateItemCommand({
          TableName: outboxTable,
          Key: keyOf(key(version)),
          UpdateExpression,
          ExpressionAttributeValues: { ':at': { S: at } },
        }),
      ),
    rearm: (version: number) =>
      writeRearmed(
        { dynamodb: local.client, tableName: outboxTable },
        key(version),
        { unpublishedShard: 's0', dueAt: '2026-01-01T14:00:00.000Z', attempts: 0 },
        { only: 'existing' },
      ),
  };
}

function keyOf({ pk, sk }: { readonly pk: string; readonly sk: string }): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}
