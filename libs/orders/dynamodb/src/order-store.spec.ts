import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CorruptItemError } from '@outbox/function-kit';
import { changeOrder, orderCreated, orderUpdated, placeOrder, type Order } from '@outbox/orders-domain';
import { append, type OutboxItem } from '@outbox/outbox-rules';
import { startDynamoDbLocal, type DynamoDbLocal } from '@outbox/testing';
import { orderIdOf, orderPk } from './order-item';
import { isSpent, withChange, type OrderRecord, type RequestMark } from './order-record';
import { createOrderStore, loadOrderSummary, type OrderStore } from './order-store';

const tableName = 'orders';
const at = '2026-01-01T00:00:00.000Z';
const mark = { keyHash: 'a'.repeat(64), bodyHash: 'b' };
const budget = { remainingMs: () => 5_000 };

describe('the order store', () => {
  let server: DynamoDbLocal;
  let store: OrderStore;
  let orderId: string;
  let count = 0;

  beforeAll(async () => {
    server = await startDynamoDbLocal();
    await createTable(server.client);
    store = createOrderStore({
      dynamodb: server.client,
      tableName,
      retry: { random: () => 0.5, sleep: () => Promise.resolve() },
    });
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(() => {
    orderId = `o-${++count}`;
  });

  it('commits an order with its event and reads both back', async () => {
    const { record, item } = placed(orderId);
    expect(await store.commit(record, item, budget)).toEqual({ kind: 'committed' });

    expect(await store.read(orderId)).toEqual(record);
    expect(await store.event(orderId, 1)).toMatchObject({ type: 'OrderCreated', sequence: '1', data: record.order });
  });

  it('writes neither when the order exists already', async () => {
    const { record, item } = placed(orderId);
    await store.commit(record, item, budget);
    const other = placed(orderId, 'e-other');
    expect(await store.commit(other.record, other.item, budget)).toEqual({ kind: 'conflict' });
    expect((await store.event(orderId, 1))?.id).toBe('e-1');
  });

  it('writes no order when its event cannot be written', async () => {
    const { record, item } = placed(orderId);
    const Item = { pk: { S: item.pk }, sk: { S: item.sk } };
    await server.client.send(new PutItemCommand({ TableName: tableName, Item }));
    expect(await store.commit(record, item, budget)).toEqual({ kind: 'conflict' });
    expect(await store.read(orderId)).toBeUndefined();
  });

  it('lets one of two changes of the same version win, and writes one event', async () => {
    const { record, item } = placed(orderId);
    await store.commit(record, item, budget);
    const changes = ['e-2a', 'e-2b'].map((eventId) => confirmed(record, eventId));
    const outcomes = await Promise.all(changes.map((change) => store.commit(change.record, change.item, budget)));

    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['committed', 'conflict']);
    const { Items } = await server.client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: orderPk(orderId) } },
      }),
    );
    expect(Items?.map((row) => row['sk']?.S)).toEqual(['EVENT#0000000001', 'EVENT#0000000002', 'ORDER']);
  });

  it('writes nothing over an order whose events retention took', async () => {
    const first = placed(orderId);
    const second = confirmed(first.record, 'e-2');
    for (const { record, item } of [first, second]) await store.commit(record, item, budget);
    for (const { pk, sk } of [first.item, second.item]) {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      await server.client.send(new DeleteItemCommand({ TableName: tableName, Key }));
    }
    for (const { record, item } of [placed(orderId, 'e-1b'), confirmed(first.record, 'e-2b')]) {
      expect(await store.commit(record, item, budget)).toEqual({ kind: 'conflict' });
    }
    expect(await store.read(orderId)).toEqual(second.record);
    expect(await store.event(orderId, 1)).toBeUndefined();
  });

  it('says so when DynamoDB stays busy for as long as there is time', async () => {
    let left = 3_000;
    const busy = createOrderStore({
      dynamodb: {
        send: () => Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' })),
      } as unknown as DynamoDBClient,
      tableName,
      retry: { random: () => 1, sleep: async (ms) => void (left -= ms) },
    });
    const { record, item } = placed(orderId);
    const outcome = await busy.commit(record, item, { remainingMs: () => left });
    expect(outcome).toEqual({ kind: 'busy', reason: 'ThrottlingException' });
    expect(left).toBeGreaterThanOrEqual(1_500);
  });

  it('asks once only when no answer came: the client has tried for long by then', async () => {
    let sent = 0;
    const silent = createOrderStore({
      dynamodb: {
        send: () => {
          sent += 1;
          return Promise.reject(Object.assign(new Error('no answer'), { name: 'TimeoutError' }));
        },
      } as unknown as DynamoDBClient,
      tableName,
      retry: { random: () => 0, sleep: () => Promise.resolve() },
    });
    const { record, item } = placed(orderId);
    expect(await silent.commit(record, item, { remainingMs: () => 15_000 })).toEqual({
      kind: 'busy',
      reason: 'TimeoutError',
    });
    expect(sent).toBe(1);
  });

  it('reads every mark of a request back', async () => {
    const { record, item } = placed(orderId);
    await store.commit(record, item, budget);
    const change = confirmed(record, 'e-2', { ...mark, keyless: true });
    await store.commit(change.record, change.item, budget);
    expect(await store.read(orderId)).toEqual(change.record);
  });

  it('knows nothing of an order nobody placed', async () => {
    expect(await store.read('nobody')).toBeUndefined();
    expect(await store.event('nobody', 1)).toBeUndefined();
  });

  it('sums an order up as it is now', async () => {
    const { record, item } = placed(orderId);
    await store.commit(record, item, budget);
    expect(await loadOrderSummary({ dynamodb: server.client, tableName }, orderId)).toEqual({
      orderId,
      status: record.order.status,
      version: 1,
    });
  });

  it('names what is wrong with an item that is no order', async () => {
    const Item = { pk: { S: orderPk(orderId) }, sk: { S: 'ORDER' }, status: { S: 'LOST' } };
    await server.client.send(new PutItemCommand({ TableName: tableName, Item }));
    await expect(store.read(orderId)).rejects.toThrow(
      new CorruptItemError(tableName, `${orderPk(orderId)} ORDER`, 'status'),
    );
  });
});

describe('orderIdOf', () => {
  it('knows an order by its partition key, and nothing else', () => {
    expect([orderIdOf(orderPk('o-1')), orderIdOf('SWEEPER'), orderIdOf(undefined)]).toEqual([
      'o-1',
      undefined,
      undefined,
    ]);
  });
});

describe('withChange', () => {
  it('remembers 16 requests in full and every older one as spent', () => {
    let { record } = placed('o');
    for (let n = 0; n < 20; n++) {
      const keyHash = n.toString(16).padStart(64, '0').split('').reverse().join('');
      record = withChange(record, { ...record.order, version: n + 2 }, { keyHash, bodyHash: 'b' });
    }
    expect(record.recentRequests.map((request) => request.version)).toEqual(
      Array.from({ length: 16 }, (_, n) => n + 6),
    );
    expect(record.spentKeys).toHaveLength(4);
    expect(isSpent(record, `3${'0'.repeat(63)}`)).toBe(true);
    expect(isSpent(record, `5${'0'.repeat(63)}`)).toBe(false);
  });

  it('forgets requests without a key before any that may be repeated', () => {
    let { record } = placed('o');
    const change = (version: number, keyless: boolean) => {
      const by = { keyHash: `${version}`.padStart(64, '0'), bodyHash: 'b', ...(keyless ? { keyless } : {}) };
      record = withChange(record, { ...record.order, version }, by);
    };
    change(2, false);
    for (let version = 3; version < 40; version++) change(version, true);
    expect(record.recentRequests).toHaveLength(16);
    expect(record.recentRequests.map((request) => request.version)).toEqual(expect.arrayContaining([2, 39]));
    expect(record.spentKeys).toEqual([]);
  });
});

function placed(orderId: string, eventId = 'e-1'): { record: OrderRecord; item: OutboxItem } {
  const request = { customerId: 'c-1', currency: 'EUR', items: [{ sku: 's', quantity: 2, unitPrice: '1.50' }] };
  const result = placeOrder(request, orderId, at);
  if (result.kind !== 'placed') throw new Error('not placed');
  const record = { order: result.order, owner: 'anonymous', createdBy: mark, recentRequests: [], spentKeys: [] };
  return { record, item: itemOf(result.order, orderCreated(result.order, { eventId, correlationId: 'c' })) };
}

function confirmed(
  record: OrderRecord,
  eventId: string,
  by: RequestMark = mark,
): { record: OrderRecord; item: OutboxItem } {
  const result = changeOrder(record.order, { status: 'CONFIRMED' }, at);
  if (result.kind !== 'changed') throw new Error('not changed');
  const event = orderUpdated(result.order, result.changed, { eventId, correlationId: 'c' });
  return { record: withChange(record, result.order, by), item: itemOf(result.order, event) };
}

function itemOf(order: Order, event: ReturnType<typeof orderCreated | typeof orderUpdated>): OutboxItem {
  const appended = append(orderPk(order.orderId), event, { thresholdMs: 60_000 });
  if (appended.kind !== 'item') throw new Error('too large');
  return appended.item;
}

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
