import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CorruptItemError, marshalPlain, unmarshalPlain } from '@outbox/function-kit';
import { changeOrder, placeOrder, type Order } from '@outbox/orders-domain';
import { order as orderEvents } from '@outbox/orders-events';
import { createOutbox, type Outbox } from '@outbox/outbox-dynamodb';
import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { checkOrder, loadOrder, putNewOrder, unmarshalOrder, updateOrder, type OrdersTable } from './order-item';

const at = '2026-01-01T00:00:00.000Z';
const owner = 'me';

describe('the orders table', () => {
  let server: SpecDynamoDb;
  let table: OrdersTable;
  let outbox: Outbox;

  beforeAll(async () => {
    server = await startDynamoDb();
    table = { dynamodb: server.client, tableName: 'orders' };
    for (const [TableName, keys] of [
      ['orders', ['orderId']],
      ['outbox', ['pk', 'sk']],
    ] as const) {
      await server.client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
        }),
      );
    }
    outbox = createOutbox({ dynamodb: server.client, tableName: 'outbox', source: 'orders', thresholdMs: 60_000 });
  }, 60_000);
  afterAll(() => server.stop());

  it('gives back the very order that was written with its event, the members in their order', async () => {
    const order = placed('o-1');
    const created = await outbox.commit({
      aggregate: orderEvents,
      id: 'o-1',
      after: 0,
      events: [orderEvents.Created(order)],
      write: [putNewOrder('orders', { order, owner })],
    });
    expect(created).toEqual({ kind: 'committed', sequence: 1 });
    const loaded = await loadOrder(table, 'o-1');
    expect(loaded).toEqual({ order, owner });
    expect(JSON.stringify(loaded?.order)).toBe(JSON.stringify(order));

    const confirmed = changed(order);
    const updated = await outbox.commit({
      aggregate: orderEvents,
      id: 'o-1',
      after: 1,
      events: [orderEvents.Updated({ ...confirmed, changed: ['status'] })],
      write: [updateOrder('orders', { order: confirmed, changed: ['status'] }, 1)],
    });
    expect(updated).toEqual({ kind: 'committed', sequence: 2 });
    expect(await loadOrder(table, 'o-1')).toEqual({ order: confirmed, owner });
  });

  it('takes no new order where there is one, and no change nor check of another version', async () => {
    const order = placed('o-2');
    await server.client.send(new PutItemCommand({ TableName: 'orders', Item: marshalPlain({ ...order, owner }) }));
    for (const write of [
      putNewOrder('orders', { order, owner }),
      updateOrder('orders', { order: changed(order), changed: ['status'] }, 4),
      checkOrder('orders', 'o-2', 4),
      checkOrder('orders', 'nobody', 1),
    ]) {
      const result = await outbox.commit({
        aggregate: orderEvents,
        id: 'o-2',
        after: 0,
        events: [orderEvents.Created(order)],
        write: [write],
      });
      expect(result).toEqual({ kind: 'refused', reason: 'condition', index: 0 });
    }
    expect(await loadOrder(table, 'o-2')).toEqual({ order, owner });
  });

  it('keeps what a newer version of the service wrote beside the order', async () => {
    const order = placed('o-4');
    const item = { ...order, owner, giftNote: 'for Ada' };
    await server.client.send(new PutItemCommand({ TableName: 'orders', Item: marshalPlain(item) }));
    const write = [updateOrder('orders', { order: changed(order), changed: ['status'] }, 1)];
    const events = [orderEvents.Created(order)];
    const result = await outbox.commit({ aggregate: orderEvents, id: 'o-4', after: 0, events, write });
    expect(result).toMatchObject({ kind: 'committed' });
    const { Item } = await server.client.send(
      new GetItemCommand({ TableName: 'orders', Key: marshalPlain({ orderId: 'o-4' }) }),
    );
    expect(Item && unmarshalPlain(Item)).toEqual({ ...changed(order), owner, giftNote: 'for Ada' });
  });

  it('knows nothing of an order nobody placed', async () => {
    expect(await loadOrder(table, 'nobody')).toBeUndefined();
  });

  it.each([
    ['status', { status: 'LOST' }],
    ['owner', { owner: undefined }],
    ['items.0.quantity', { items: [{ sku: 's', quantity: 'many', unitPrice: '1.00' }] }],
  ])('names table, order and attribute of an item that makes no sense: %s', (attribute, wrong) => {
    const item = marshalPlain({ ...placed('o-3'), owner, ...wrong });
    expect(() => unmarshalOrder('orders', item)).toThrow(new CorruptItemError('orders', 'o-3', attribute));
  });
});

function placed(orderId: string): Order {
  const request = { customerId: 'c-1', currency: 'EUR', items: [{ sku: 's', quantity: 2, unitPrice: '1.50' }] };
  const result = placeOrder(request, orderId, at);
  if (result.kind !== 'placed') throw new Error('not placed');
  return result.order;
}

function changed(order: Order): Order {
  const result = changeOrder(order, { status: 'CONFIRMED' }, at);
  if (result.kind !== 'changed') throw new Error('not changed');
  return result.order;
}
