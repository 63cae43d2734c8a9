import { PutItemCommand, TransactWriteItemsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { rearm, type BusEntry } from '@outbox/outbox-rules';
import {
  busEnvelope,
  createFakeClock,
  recordingTelemetry,
  sqsRecord,
  startDynamoDb,
  type SpecDynamoDb,
} from '@outbox/testing';
import { createAcknowledger } from './acknowledger/acknowledger';
import type { BusVerdict } from './sweeper/ports';
import { sweep } from './sweeper/sweep';
import { readState } from './sweeper/sweeper-state';
import { failedItems } from './table/failed-items';
import { writeRearmed } from './table/outbox-updates';
import { outboxPut } from './table/outbox-item';
import { readItem } from './table/outbox-reader';
import { createOutboxTable, outboxItem, THRESHOLD_MS } from './testing/lab';

const COMMITTED = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

// A table of its own for every test, on a JVM that shares its machine.
jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

describe('a sweep', () => {
  it('costs one query per shard when nothing is unpublished', async () => {
    const { run, requests, measured } = await setUp();
    expect(await run()).toMatchObject({ due: 0, published: 0, oldestUnpublishedMs: 0 });
    expect(requests).toEqual(Array(8).fill('QueryCommand'));
    expect(measured).toEqual([['OldestUnpublishedAge', 0]]);
  });

  it('leaves alone what is not due yet', async () => {
    const { run, commit, put, clock } = await setUp();
    await commit('o', 1);
    clock.advance(THRESHOLD_MS - 1);
    expect(await run()).toMatchObject({ due: 0, oldestUnpublishedMs: THRESHOLD_MS - 1 });
    expect(put).toEqual([]);
  });

  it('publishes what is due, ten to a call, the events of an aggregate in their order, claimed before', async () => {
    const { run, commit, put, clock, itemOf, counted } = await setUp();
    for (let version = 12; version >= 1; version -= 1) await commit('o', version);
    clock.advance(THRESHOLD_MS);
    expect(await run()).toMatchObject({ due: 12, published: 12, oldestUnpublishedMs: THRESHOLD_MS });
    expect(put.map((batch) => batch.length)).toEqual([10, 2]);
    expect(put.flat().map(({ detail }) => Number((JSON.parse(detail) as { sequence: string }).sequence))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    expect(JSON.parse(put[0]?.[0]?.detail ?? '')).toEqual({
      ...eventOf('o', 1),
      relayedat: '2026-01-01T00:01:00.000Z',
    });
    expect(await itemOf('o', 1)).toMatchObject({ attempts: 1, dueAt: '2026-01-01T00:03:00.000Z' });
    expect(counted).toMatchObject({ SweepRuns: 1, EventsRepublished: 12 });
  });

  it('publishes nothing twice when runs overlap', async () => {
    const { run, commit, put, clock } = await setUp();
    for (const version of [1, 2, 3, 4, 5]) await commit('o', version);
    clock.advance(THRESHOLD_MS);
    await Promise.all([run(), run(), run()]);
    expect(put.flat()).toHaveLength(5);
  });

  it('keeps an entry that the bus refused, and gives it up with the last error after ten attempts', async () => {
    const { run, commit, put, clock, itemOf, acknowledge, counted } = await setUp({
      verdict: ({ type }) => (type === 'ParcelRegistered' ? 'MalformedDetail: no' : undefined),
    });
    await commit('o', 1);
    await commit('o', 2);
    clock.advance(THRESHOLD_MS);
    expect(await run()).toMatchObject({ published: 1, refused: 1 });
    expect(await itemOf('o', 1)).toMatchObject({
      attempts: 1,
      lastError: 'MalformedDetail: no',
      unpublishedShard: 's2',
    });
    await acknowledge('o', 2);
    for (let attempt = 2; attempt <= 11; attempt += 1) {
      clock.advance(6 * HOUR);
      await run();
    }
    expect(put.flat()).toHaveLength(11);
    expect(await itemOf('o', 1)).not.toHaveProperty('unpublishedShard');
    expect(await itemOf('o', 1)).toMatchObject({ failure: 'refused at attempt 10: MalformedDetail: no' });
    expect(counted).toMatchObject({ EventsFailed: 1 });
  });

  it('tells the age of the oldest event while it waits for its next attempt', async () => {
    const { run, commit, clock } = await setUp();
    await commit('o', 1);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      clock.advance(THRESHOLD_MS * 2 ** attempt);
      await run();
    }
    clock.advance(THRESHOLD_MS);
    expect(await run()).toMatchObject({ due: 0, oldestUnpublishedMs: THRESHOLD_MS * (2 + 4 + 8 + 16 + 1) });
  });

  it('goes on next time when its time runs out', async () => {
    const { run, commit, put, clock } = await setUp();
    for (let version = 1; version <= 25; version += 1) await commit('o', version);
    clock.advance(THRESHOLD_MS);
    const times = [30_000, 5_000];
    expect(await run(() => times.shift() ?? 0)).toMatchObject({ published: 10, outOfTime: true });
    expect(await run()).toMatchObject({ published: 15, outOfTime: false });
    expect(put.flat()).toHaveLength(25);
  });

  it('halves its budget while nothing is acknowledged, says so, and doubles it back', async () => {
    const { run, commit, clock, counted, acknowledge } = await setUp({ start: 40 });
    for (let version = 1; version <= 12; version += 1) await commit('o', version);
    const runs: Awaited<ReturnType<typeof run>>[] = [];
    for (let hour = 1; hour <= 5; hour += 1) {
      clock.advance(HOUR);
      runs.push(await run());
      if (hour < 4) continue;
      for (let version = 1; version <= 12; version += 1) await acknowledge('o', version);
      await commit('o', 12 + hour);
    }
    const kept = runs.map(({ budget, published }) => `${published} of ${budget}`);
    expect(kept).toEqual(['12 of 40', '12 of 20', '10 of 10', '10 of 10', '1 of 20']);
    expect(counted).toMatchObject({ SweepBudgetHalved: 3 });
  });

  it('is not misled by a second run that follows at once', async () => {
    const { run, commit, clock, table } = await setUp({ start: 40 });
    await commit('o', 1);
    clock.advance(THRESHOLD_MS - 2_000);
    await commit('p', 1);
    clock.advance(THRESHOLD_MS - 2_000);
    await run();
    clock.advance(5_000);
    expect(await run()).toMatchObject({ published: 1, budget: 40 });
    expect((await readState(table))?.sample.map(({ pk }) => pk)).toEqual(['parcel#o']);
  });

  it('gives up an item it cannot read, aloud, and harms no neighbour', async () => {
    const { run, commit, put, clock, table, counted, logged } = await setUp();
    await commit('o', 1);
    const Item = {
      pk: { S: 'x' },
      sk: { S: 'EVENT#1' },
      unpublishedShard: { S: 's0' },
      dueAt: { S: '2026-01-01T00:00:00.000Z' },
    };
    await table.dynamodb.send(new PutItemCommand({ TableName: table.tableName, Item }));
    clock.advance(THRESHOLD_MS);
    expect(await run()).toMatchObject({ published: 1, failed: 1 });
    expect(put.flat()).toHaveLength(1);
    expect(counted).toMatchObject({ EventsFailed: 1 });
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ pk: 'x' }) }),
    );
    const failed = [];
    for await (const item of failedItems(table)) failed.push(item);
    expect(failed).toEqual([
      expect.objectContaining({ pk: 'x', failure: expect.stringContaining('attribute entity') }),
    ]);
    clock.advance(1);
    expect(await run()).toMatchObject({ due: 0 });
  });

  it('stops at a bus that is out of reach, and what it claimed comes due again', async () => {
    let down = true;
    const { run, commit, put, clock } = await setUp({
      verdict: () => {
        if (down) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
        return undefined;
      },
    });
    for (let version = 1; version <= 12; version += 1) await commit('o', version);
    clock.advance(THRESHOLD_MS);
    await expect(run()).rejects.toThrow('slow down');
    expect(put).toHaveLength(1);
    down = false;
    clock.advance(2 * THRESHOLD_MS);
    expect(await run()).toMatchObject({ published: 12 });
  });
});

describe('the acknowledger', () => {
  it('marks an event as published, once, with its expiry', async () => {
    const { commit, clock, itemOf, acknowledge, counted, measured } = await setUp();
    await commit('o', 1);
    clock.advance(1_500);
    expect(await acknowledge('o', 1)).toEqual({ batchItemFailures: [] });
    clock.advance(HOUR);
    await acknowledge('o', 1);
    const item = await itemOf('o', 1);
    expect(item).toMatchObject({
      publishedAt: '2026-01-01T00:00:01.500Z',
      expiresAt: Math.floor((COMMITTED + 1_500) / 1_000) + 7 * 86_400,
    });
    expect(item).not.toHaveProperty('unpublishedShard');
    expect(item).not.toHaveProperty('dueAt');
    expect(counted).toEqual({ Acknowledged: 1, Unchanged: 1 });
    expect(measured).toEqual([['PublishLag', 1_500]]);
  });

  it('changes nothing for a ghost, another event under the sequence number, or a replay', async () => {
    const { commit, itemOf, acknowledge, counted } = await setUp();
    await acknowledge('ghost', 1);
    expect(await itemOf('ghost', 1)).toBeUndefined();
    await commit('o', 1);
    await acknowledge('o', 1, { id: 'restored' });
    await acknowledge('o', 1, {}, { 'replay-name': 'r' });
    expect(await itemOf('o', 1)).toHaveProperty('unpublishedShard');
    expect(counted).toEqual({ Unchanged: 3 });
  });

  it('tries again within its time while the table is busy, then leaves the message', async () => {
    const { commit, acknowledge, counted } = await setUp({ busyUpdates: 3 });
    await commit('o', 1);
    expect(await acknowledge('o', 1)).toEqual({ batchItemFailures: [] });
    const stuck = await setUp({ busyUpdates: Infinity });
    expect(await stuck.acknowledge('o', 1)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect({ ...counted, ...stuck.counted }).toEqual({ Acknowledged: 1, Busy: 1 });
  });
});

describe('failed events', () => {
  it('are found, and re-armed for the sweeper', async () => {
    const { run, commit, clock, table, put } = await setUp();
    await commit('o', 1);
    for (let attempt = 1; attempt <= 11; attempt += 1) {
      clock.advance(6 * HOUR);
      await run();
    }
    const failed = [];
    for await (const item of failedItems(table)) failed.push(item);
    expect(failed).toMatchObject([{ pk: 'parcel#o', failure: 'published 10 times, never acknowledged' }]);
    const key = failed[0] ?? { pk: '', sk: '' };
    const again = () => writeRearmed(table, key, rearm('parcel#o', clock.now()), { only: 'failed' });
    expect([await again(), await again()]).toEqual([true, false]);
    expect(await run()).toMatchObject({ published: 1 });
    expect(put).toHaveLength(11);
  });
});

interface Setting {
  readonly start?: number;
  readonly verdict?: (entry: BusEntry) => BusVerdict;
  readonly busyUpdates?: number;
}

let tables = 0;

async function setUp({ start = 500, verdict = () => undefined, busyUpdates = 0 }: Setting = {}) {
  const tableName = `outbox-${(tables += 1)}`;
  await createOutboxTable(local.client, tableName);
  const requests: string[] = [];
  let busyLeft = busyUpdates;
  const dynamodb = {
    send: (command: PutItemCommand) => {
      requests.push(command.constructor.name);
      if ('UpdateExpression' in command.input && busyLeft > 0) {
        busyLeft -= 1;
        return Promise.reject(Object.assign(new Error('conflict'), { name: 'TransactionConflictException' }));
      }
      return local.client.send(command);
    },
  } as unknown as DynamoDBClient;
  const table = { dynamodb, tableName };
  const clock = createFakeClock(COMMITTED);
  const telemetry = recordingTelemetry();
  const put: (readonly BusEntry[])[] = [];
  const bus = {
    put: async (entries: readonly BusEntry[]) => {
      put.push(entries);
      return entries.map(verdict);
    },
  };
  let budgetMs = 30_000;
  const policy = { thresholdMs: THRESHOLD_MS, start };
  const workers = { atOnce: 1, work: () => Promise.reject(new Error('so few need no worker')) };
  const retry = { random: () => 0.5, sleep: async (ms: number) => void (budgetMs -= ms) };
  const acknowledger = createAcknowledger({
    table,
    deadLetters: { send: () => Promise.reject(new Error('nothing is malformed here')) },
    policy: { retentionDays: 7 },
    source: 'parcels',
    clock,
    retry,
    ...telemetry,
  });
  return {
    ...telemetry,
    table,
    clock,
    put,
    requests,
    run: (remainingMs = () => 30_000) =>
      sweep({ table, bus, workers, policy, clock, retry, ...telemetry }, clock.now(), remainingMs),
    commit: async (id: string, sequence: number) => {
      const TransactItems = [outboxPut(tableName, outboxItem(id, sequence, clock.now()))];
      await local.client.send(new TransactWriteItemsCommand({ TransactItems }));
    },
    itemOf: (subject: string, version: number) =>
      readItem(table, { pk: `parcel#${subject}`, sk: `EVENT#${String(version).padStart(10, '0')}` }),
    acknowledge: (subject: string, version: number, change: object = {}, bus: object = {}) => {
      const body = { ...(JSON.parse(busEnvelope({ ...eventOf(subject, version), ...change })) as object), ...bus };
      return acknowledger({ Records: [sqsRecord(JSON.stringify(body))] }, { getRemainingTimeInMillis: () => budgetMs });
    },
  };
}

function eventOf(id: string, sequence: number): object {
  return JSON.parse(outboxItem(id, sequence, COMMITTED).detail) as object;
}
