import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { acknowledge, aggregateKey } from '@outbox/outbox-rules';
import { createFakeClock, createSeededIds, startDynamoDb, unitsOf, type SpecDynamoDb } from '@outbox/testing';
import { createOutbox, type Outbox } from './commit/outbox';
import { loadEvent } from './table/outbox-reader';
import type { OutboxTable } from './table/outbox-table';
import { writeAcknowledgement } from './table/outbox-updates';
import { createOutboxTable, parcel, THRESHOLD_MS } from './testing/lab';

const NOW = Date.UTC(2026, 0, 1);

jest.setTimeout(30_000);

let local: SpecDynamoDb;
let outbox: Outbox;
let table: OutboxTable;
beforeAll(async () => {
  local = await startDynamoDb();
  table = { dynamodb: local.client, tableName: 'outbox' };
  await createOutboxTable(local.client, table.tableName);
  await local.client.send(
    new CreateTableCommand({
      TableName: 'parcels',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  const settings = { source: 'parcels', thresholdMs: THRESHOLD_MS };
  outbox = createOutbox({ ...table, ...settings, clock: createFakeClock(NOW), ids: createSeededIds() });
}, 40_000);
afterAll(() => local.stop());

function commit(id: string, noteBytes: number) {
  const note = 'x'.repeat(noteBytes);
  return outbox.commit({
    aggregate: parcel,
    id,
    after: 0,
    events: [parcel.Registered({ note })],
    write: [{ put: { table: 'parcels', item: { id } } }],
  });
}

/** The bill of an event: `ITEM_UNITS` in libs/prices. What is more here makes every event dearer, and has to be more there. */
describe('the units that a small event consumes', () => {
  it('are one for state, event, head and index each at the commit, twice as in any transaction', async () => {
    expect(await unitsOf(local.client, () => commit('small', 100))).toEqual({ read: 0, write: 2 * (1 + 1 + 1 + 1) });
  });

  it('are one for the event and one for the index at the acknowledgement, without a read', async () => {
    await commit('seen', 100);
    const stored = await loadEvent(table, { aggregate: parcel, id: 'seen' }, 1);
    const published = { pk: aggregateKey('parcel', 'seen'), sequence: 1, id: stored?.event.id ?? '' };
    const mark = () => writeAcknowledgement(table, acknowledge(published, NOW, { retentionDays: 7 }));
    expect(await unitsOf(local.client, mark)).toEqual({ read: 0, write: 1 + 1 });
  });

  it('leave 400 bytes of a kilobyte to what the event is about', async () => {
    expect((await unitsOf(local.client, () => commit('half', 400))).write).toBe(8);
    expect((await unitsOf(local.client, () => commit('more', 700))).write).toBe(10);
  });
});
