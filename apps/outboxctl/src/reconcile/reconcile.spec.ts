import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { startDynamoDbLocal, type DynamoDbLocal } from '@outbox/testing';
import type { Stack } from '../stack';
import type { Finding } from './finding';
import { reconcile } from './reconcile';

const ORDERS = 450;
const notifications = {
  queue_url: '',
  dlq_url: '',
  function_name: '',
  table_name: 'notifications',
  policy: 'in-order' as const,
};
const stack: Stack = {
  api_endpoint: '',
  event_bus_name: '',
  orders_table_name: 'orders',
  pipe_name: '',
  archive_name: '',
  consumers: { notifications },
};
const committedAt = '2026-01-01T00:00:00.000Z';

describe('reconcile over real tables of several pages', () => {
  let server: DynamoDbLocal;
  beforeAll(async () => {
    server = await startDynamoDbLocal();
    await Promise.all(['orders', 'notifications'].map((name) => createTable(server.client, name)));
    const orders = Array.from({ length: ORDERS }, (_, n) => orderRows(`o-${n}`)).flat();
    const effects = Array.from({ length: ORDERS }, (_, n) => effectRows(`o-${n}`)).flat();
    const state = { pk: { S: 'SWEEPER' }, sk: { S: 'STATE' }, entity: { S: 'SweeperState' } };
    await write(server.client, 'orders', [...orders, state]);
    // Order o-7's event never came through; order ghost was never committed.
    const done = effects.filter((row) => row['pk']?.S !== 'o-7');
    await write(server.client, 'notifications', [...done, ...effectRows('ghost')]);
  }, 120_000);
  afterAll(() => server.stop());

  it('finds the one lost event and the one orphan, and says what it read', async () => {
    const findings: Finding[] = [];
    const seen: number[] = [];
    const report = await reconcile({
      dynamodb: server.client,
      stack,
      policy: { now: Date.parse(committedAt) + 3_600_000, graceMs: 1_000, since: 0 },
      found: (finding) => void findings.push(finding),
      progress: (orders) => void seen.push(orders),
    });

    expect(findings).toMatchObject([
      { kind: 'lost', orderId: 'o-7', version: 1, consumer: 'notifications' },
      { kind: 'orphaned', orderId: 'ghost', consumer: 'notifications' },
    ]);
    expect(report).toMatchObject({ orders: ORDERS, events: ORDERS, findings: { lost: 1, orphaned: 1, late: 0 } });
    expect(report.read.items).toBeGreaterThan(4 * ORDERS);
    expect(report.read.capacityUnits).toBeGreaterThan(0);
    expect(seen.at(-1)).toBe(ORDERS);
  }, 60_000);
});

type Item = Record<string, AttributeValue>;

function orderRows(id: string): Item[] {
  const pk = { S: `ORDER#${id}` };
  return [
    { pk, sk: { S: 'ORDER' }, version: { N: '1' } },
    {
      pk,
      sk: { S: 'EVENT#0000000001' },
      entity: { S: 'OutboxEvent' },
      id: { S: `e-${id}` },
      type: { S: 'OrderCreated' },
      committedAt: { S: committedAt },
      detail: { S: 'x'.repeat(3_000) },
    },
  ];
}

function effectRows(id: string): Item[] {
  const pk = { S: id };
  return [
    { pk, sk: { S: 'INBOX' }, lastVersion: { N: '1' }, lastEventId: { S: `e-${id}` } },
    {
      pk,
      sk: { S: 'EFFECT#0000000001' },
      version: { N: '1' },
      eventId: { S: `e-${id}` },
      appliedAt: { S: committedAt },
    },
  ];
}

async function write(client: DynamoDBClient, table: string, rows: readonly Item[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 25) {
    const batch = rows.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch } }));
  }
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
