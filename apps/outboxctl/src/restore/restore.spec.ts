import {
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { consumer } from '@outbox/inbox-dynamodb';
import { createOutbox } from '@outbox/outbox-dynamodb';
import { defineAggregate, type EventEnvelope } from '@outbox/outbox-envelope';
import {
  busEnvelope,
  createFakeClock,
  createSeededIds,
  recordingClient,
  recordingTelemetry,
  sqsRecord,
  createTable,
  startDynamoDb,
  type SpecDynamoDb,
} from '@outbox/testing';
import * as z from 'zod/mini';
import { NOW, runVerb } from '../testing/run-verb';
import { stackOf } from '../testing/stack';

type Item = Record<string, AttributeValue>;

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({ to: z.string() }) } } });
const CONSUMERS = { labels: 'once', mails: 'in-order', view: 'latest' } as const;
const PARCEL = { aggregate: parcel, id: 'p-1' };

jest.setTimeout(60_000);
let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

/**
 * Five events were committed; the outbox is restored to the moment after the third. All consumers had done four, and
 * `labels` five.
 */
describe('an outbox table restored to an earlier time', () => {
  it('gives numbers out again that consumers know: the new event is done by none of them', async () => {
    const world = await restored();
    expect(await world.commit('elsewhere', 3)).toMatchObject({ kind: 'committed', sequence: 4 });
    const effects = await world.effects();
    for (const name of ['labels', 'mails', 'view']) await world.deliver(name, 4);
    expect(await world.effects()).toEqual(effects);
    const { exitCode, out } = await world.run('reconcile', '--grace', '0');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/orphaned: parcel\/p-1 event 4 at labels: an effect of an event that the outbox does not know/);
  });

  it('gives none out again after `restore heads`, and all is well once consumers have stepped over the rest', async () => {
    const world = await restored();
    const heads = ['restore', 'heads', '--reason', 'restored to noon'];
    expect(await world.run(...heads, '--dry-run')).toMatchObject({
      exitCode: 0,
      out:
        'parcel/p-1: head 3 to 5, known by labels; no event any more: 4 to 5: would be moved\n' +
        '0 moved of 1 aggregates; 1 would be moved',
    });
    expect(JSON.parse((await world.run('--json', ...heads)).out.split('\n')[0] ?? '')).toEqual({
      ...{ aggregate: 'parcel', id: 'p-1', from: 3, to: 5, knownBy: 'labels', gone: [4, 5], passedFrom: 3 },
      result: 'moved',
    });
    expect((await world.run(...heads)).out).toBe('0 moved of 1 aggregates');

    expect(await world.commit('elsewhere', 3)).toMatchObject({ kind: 'conflict', lastSequence: 5 });
    expect(await world.commit('elsewhere', 5)).toMatchObject({ kind: 'committed', sequence: 6 });
    for (const name of ['labels', 'view']) expect(await world.deliver(name, 6)).toEqual([]);
    // It has done four and waits for five, which is gone.
    expect(await world.deliver('mails', 6)).toEqual(['m']);
    expect((await world.run('reconcile', '--grace', '0')).out).toContain(
      'held: parcel/p-1 event 5 at mails: waits for event 5, lost in a restore',
    );

    const consumers = ['restore', 'consumers', '--reason', 'restored to noon'];
    expect((await world.run(...consumers, '--dry-run')).out).toContain(
      'parcel/p-1 at mails: event 4 to 5: would be moved',
    );
    expect((await world.run(...consumers)).out).toContain('1 moved of 1 aggregates');
    expect((await world.run(...consumers)).out).toBe('0 moved of 1 aggregates');
    expect(await world.deliver('mails', 6)).toEqual([]);
    expect(await world.effects()).toMatchObject({ labels: 'elsewhere', mails: 'elsewhere', view: 'elsewhere' });
    await world.acknowledge();
    expect(await world.run('reconcile', '--grace', '0')).toMatchObject({ exitCode: 0 });
  });

  it('gets back the head of an aggregate that consumers alone still know', async () => {
    const world = await restored({ outbox: 'empty' });
    expect((await world.run('reconcile')).out).toContain('orphaned: parcel/p-1 at labels');
    expect((await world.run('restore', 'heads', '--reason', 'gone')).out).toContain(
      'parcel/p-1: head 0 to 5, known by labels; no event any more: 1 to 5: moved',
    );
    expect(await world.commit('elsewhere', 0)).toMatchObject({ kind: 'conflict', lastSequence: 5 });
    await world.run('restore', 'consumers', '--reason', 'gone');
    expect((await world.run('reconcile', '--grace', '0')).exitCode).toBe(0);
  });

  it('is left alone where an item can’t be read', async () => {
    const world = await restored();
    await world.put('outbox', { pk: { S: 'parcel#p-1' }, sk: { S: 'HEAD' }, entity: { S: 'OutboxHead' } });
    const { exitCode, out } = await world.run('restore', 'heads', '--reason', 'x');
    expect(exitCode).toBe(1);
    expect(out).toContain('parcel/p-1: left as it is: item parcel#p-1 HEAD of table');
  });

  it('is moved for a reason only', async () => {
    const world = await restored();
    expect((await world.run('restore', 'heads')).exitCode).toBe(2);
    expect((await world.run('restore', 'consumers', '--reason', ' ')).exitCode).toBe(2);
  });
});

let worlds = 0;

/** @param outbox what the restore left of the outbox: three events, or nothing at all */
async function restored({ outbox: left = 'three' }: { readonly outbox?: 'three' | 'empty' } = {}) {
  worlds += 1;
  const dynamodb = local.client;
  const nameOf = (table: string): string => `${table}-${worlds}`;
  const tables = ['outbox', ...Object.keys(CONSUMERS)];
  await Promise.all(tables.map((table) => createTable(dynamodb, nameOf(table))));
  const clock = createFakeClock(NOW - 3_600_000);
  const outbox = createOutbox({ dynamodb, tableName: nameOf('outbox'), source: 'parcels', thresholdMs: 60_000, clock });
  const events = new Map<number, EventEnvelope>();
  const read = async (sequence: number): Promise<void> => {
    const committed = await outbox.loadEvent(PARCEL, sequence);
    if (committed) events.set(sequence, committed.event);
  };
  const commit = async (to: string, after: number) => {
    const result = await outbox.commit({ ...PARCEL, after, events: [parcel.Moved({ to })] });
    await read(after + 1);
    return result;
  };
  const handlers = Object.fromEntries(
    Object.entries(CONSUMERS).map(([name, policy]) => {
      const definition = {
        name,
        policy,
        on: parcel,
        effect: ({ data }: { data: { to: string } }) => ({ to: data.to }),
      };
      return [name, consumer(definition).using(portsOf(dynamodb, name, policy, nameOf(name)))];
    }),
  );
  /** Resolves to the messages that come again. */
  const deliver = async (name: string, sequence: number): Promise<string[]> => {
    const record = sqsRecord(busEnvelope(events.get(sequence)), { queuedAt: NOW, firstReceivedAt: NOW });
    const context = { getRemainingTimeInMillis: () => 30_000 };
    const answer = await handlers[name]?.({ Records: [record] }, context as never);
    return (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  };

  for (const sequence of [1, 2, 3]) await commit(`depot ${sequence}`, sequence - 1);
  const asOfThree = left === 'three' ? await itemsOf(dynamodb, nameOf('outbox')) : [];
  for (const sequence of [4, 5]) await commit(`depot ${sequence}`, sequence - 1);
  for (const sequence of [1, 2, 3, 4]) {
    for (const name of Object.keys(CONSUMERS)) await deliver(name, sequence);
  }
  await deliver('labels', 5);
  await replace(dynamodb, nameOf('outbox'), asOfThree);

  const output = (name: string, policy: string) => ({
    ...{ queue_url: '', dlq_url: '', function_name: '', table_name: nameOf(name), policy, on: { parcel: [] } },
  });
  const consumers = Object.fromEntries(Object.entries(CONSUMERS).map(([name, policy]) => [name, output(name, policy)]));
  const stack = stackOf({ outbox_table_name: nameOf('outbox'), consumers });
  const queues = recordingClient(() => ({ Attributes: { ApproximateNumberOfMessages: '0' } }));
  let second = 0;
  const run = (...argv: readonly string[]) =>
    runVerb(
      {
        stack: () => Promise.resolve(stack),
        dynamodb: () => dynamodb,
        sqs: () => queues as unknown as SQSClient,
        now: () => NOW + 1_000 * (second += 1),
      },
      argv,
    );
  const put = async (table: string, item: Item): Promise<void> => {
    await dynamodb.send(new PutItemCommand({ TableName: nameOf(table), Item: item }));
  };
  return {
    ...{ run, commit, deliver, put },
    /** What each consumer made of the newest event that it has done. */
    effects: async () => {
      const newest = async (name: string): Promise<[string, string | undefined]> => {
        const effects = (await itemsOf(dynamodb, nameOf(name))).filter((item) => item['effect'] !== undefined);
        const [last] = effects.sort((a, b) => Number(b['version']?.N) - Number(a['version']?.N));
        return [name, last?.['effect']?.M?.['to']?.S];
      };
      return Object.fromEntries(await Promise.all(Object.keys(CONSUMERS).map(newest)));
    },
    /** Marks every event as published. */
    acknowledge: async () => {
      for (const { dueAt: _dueAt, unpublishedShard: _shard, ...item } of await itemsOf(dynamodb, nameOf('outbox'))) {
        await put('outbox', item);
      }
    },
  };
}

function portsOf(dynamodb: DynamoDBClient, name: string, policy: string, tableName: string) {
  return {
    variables: {
      CONSUMER_NAME: name,
      CONSUMER_POLICY: policy,
      CONSUMER_TABLE_NAME: tableName,
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
      ...(policy === 'in-order' ? { IN_ORDER_START: 'beginning', PARK_BUDGET_SECONDS: '3600' } : {}),
    },
    dynamodb,
    sqs: recordingClient() as unknown as SQSClient,
    clock: createFakeClock(NOW),
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  };
}

async function itemsOf(dynamodb: DynamoDBClient, TableName: string): Promise<Item[]> {
  return (await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
}

/** What a point-in-time restore comes to: a table of those items alone. */
async function replace(dynamodb: DynamoDBClient, TableName: string, items: readonly Item[]): Promise<void> {
  for (const { pk, sk } of await itemsOf(dynamodb, TableName)) {
    if (pk && sk) await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
  }
  for (const Item of items) await dynamodb.send(new PutItemCommand({ TableName, Item }));
}
