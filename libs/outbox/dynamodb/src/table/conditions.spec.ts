import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { acknowledge, claim, type StoredOutboxItem } from '@outbox/outbox-rules';
import { createFakeClock, recordingTelemetry, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { budgetOf } from '../sweeper/previous-run';
import { readState, writeState } from '../sweeper/sweeper-state';
import { createOutboxTable, outboxItem } from '../testing/lab';
import type { OutboxTable } from './outbox-table';
import { outboxPut } from './outbox-item';
import { writeAcknowledgement, writeClaim, writeRefusal } from './outbox-updates';
import { readItem } from './outbox-reader';

const NOW = Date.UTC(2026, 0, 1, 12);
const POLICY = { thresholdMs: 60_000, start: 40 };

jest.setTimeout(30_000);

let local: SpecDynamoDb;
let table: OutboxTable;
beforeAll(async () => {
  local = await startDynamoDb();
  table = { dynamodb: local.client, tableName: 'outbox' };
  await createOutboxTable(local.client, table.tableName);
}, 40_000);
afterAll(() => local.stop());

describe('an event that two runs of the sweeper saw', () => {
  it('is claimed by the first, whose refusal alone is noted', async () => {
    const seen = await committed('o-1');
    const first = claim(seen, NOW, POLICY);
    expect(await writeClaim(table, seen, first)).toBe(true);
    expect(await writeClaim(table, seen, claim(seen, NOW + 1, POLICY))).toBe(false);

    const claimed = await again(seen);
    await writeClaim(table, claimed, claim(claimed, NOW + 300_000, POLICY));
    expect(await writeRefusal(table, seen, 1, 'of an attempt long ago')).toBe(false);
    expect(await writeRefusal(table, seen, 2, 'the bus is full')).toBe(true);
    expect(await again(seen)).toMatchObject({ attempts: 2, lastError: 'the bus is full' });
  });

  it('is neither claimed nor blamed once it is acknowledged', async () => {
    const seen = await committed('o-2');
    const event = { pk: seen.pk, sequence: 1, id: seen.id };
    expect(await writeAcknowledgement(table, acknowledge(event, NOW, { retentionDays: 7 }))).toBe(true);
    expect(await writeClaim(table, seen, claim(seen, NOW, POLICY))).toBe(false);
    expect(await writeRefusal(table, seen, 0, 'late')).toBe(false);
    expect(await again(seen)).not.toHaveProperty('unpublishedShard');
  });
});

describe('the state of the sweeper', () => {
  const state = { budget: 20, sample: [], sampledAt: new Date(NOW).toISOString() };

  it('is that of the run that wrote first, of two that started from the same', async () => {
    expect(await writeState(table, state, undefined)).toBe(true);
    expect(await writeState(table, { ...state, budget: 1 }, undefined)).toBe(false);
    const previous = await readState(table);
    expect(await writeState(table, { ...state, budget: 10 }, previous)).toBe(true);
    expect(await writeState(table, { ...state, budget: 1 }, previous)).toBe(false);
    expect(await readState(table)).toMatchObject({ budget: 10, revision: 2 });
  });

  it('counts what was given up as not acknowledged', async () => {
    const seen = await committed('o-3');
    await writeClaim(table, seen, {
      kind: 'give-up',
      failedAt: new Date(NOW).toISOString(),
      failure: 'never acknowledged',
    });
    await writeState(table, { ...state, sample: [seen] }, await readState(table));
    const ports = {
      table,
      policy: POLICY,
      bus: { put: () => Promise.resolve([]) },
      workers: { atOnce: 1, work: () => Promise.resolve(undefined) },
      retry: { random: () => 0, sleep: () => Promise.resolve() },
      clock: createFakeClock(NOW),
      ...recordingTelemetry(),
    };
    expect(await budgetOf(ports, NOW + 60_000)).toMatchObject({ previous: 'none-acknowledged', budget: 10 });
  });
});

async function committed(id: string): Promise<StoredOutboxItem> {
  const item = outboxItem(id, 1, NOW - POLICY.thresholdMs);
  await local.client.send(new TransactWriteItemsCommand({ TransactItems: [outboxPut(table.tableName, item)] }));
  return again(item);
}

async function again(key: Pick<StoredOutboxItem, 'pk' | 'sk'>): Promise<StoredOutboxItem> {
  const item = await readItem(table, key);
  if (!item) throw new Error('the item is gone');
  return item;
}
