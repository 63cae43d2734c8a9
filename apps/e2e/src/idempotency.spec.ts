import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { startConsumer, stopConsumer } from './support/mappings';
import { type Answer, expectComplete, newOrder, placeOrder, request } from './support/orders';
import { aws, readStack } from './support/stack';

const stack = readStack();

// Orders stay as their clients leave them: what would confirm them waits.
beforeAll(() => stopConsumer(stack, 'fulfilment'), 90_000);
let changedOften: string;
afterAll(async () => {
  await startConsumer(stack, 'fulfilment');
  // What an in-order consumer parked may be back only after a minute: the next spec shall find nothing under way.
  expectComplete(changedOften, 150);
}, 240_000);

/** As many clients at once, or as many tries of one. */
const MANY = 50;

describe('a request sent many times', () => {
  it('makes one order under one Idempotency-Key, and gets the same answer each time', async () => {
    const order = newOrder();
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await atOnce(() => request(stack, 'POST', '/orders', order, headers));

    expect(new Set(answers.map(answerOf))).toEqual(new Set([answerOf(answers[0])]));
    expect(answers[0]?.status).toBe(201);
    expect(await keysOf(String(answers[0]?.body['orderId']))).toEqual(['EVENT#0000000001', 'HEAD']);
    expect((await request(stack, 'POST', '/orders', newOrder(), headers)).status).toBe(422);
  });

  it('is one change of many to the same version', async () => {
    const { orderId } = await placeOrder(stack);
    const answers = await atOnce(() => patch(orderId, { status: 'CONFIRMED' }, '"1"'));

    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array<number>(MANY - 1).fill(412)]);
    expect(await keysOf(orderId)).toEqual(['EVENT#0000000001', 'EVENT#0000000002', 'HEAD']);
  });
});

describe('a change sent again under its key', () => {
  it('gets its first answer, whatever If-Match says by then; 17 keys later a refusal; never a second effect', async () => {
    const { orderId } = await placeOrder(stack);
    changedOften = orderId;
    const keys = Array.from({ length: 18 }, () => randomUUID());
    const change = (n: number, version: number) => {
      const items = [{ sku: `sku-${n}`, quantity: n + 1, unitPrice: '1.00' }];
      return patch(orderId, { items }, `"${version}"`, keys[n]);
    };
    const first = await change(0, 1);
    expect(first.status).toBe(200);
    expect((await change(1, 2)).status).toBe(200);
    expect(answerOf(await change(0, 3))).toBe(answerOf(first));

    for (let n = 2; n < keys.length; n++) expect((await change(n, n + 1)).status).toBe(200);
    const late = await change(0, 19);
    expect([late.status, late.body['type']]).toEqual([409, 'urn:outbox:problem:idempotency-replay-expired']);
    expect((await request(stack, 'GET', `/orders/${orderId}`)).body['version']).toBe(19);
  });

  it('is refused once the order moved on and retention took its answer away; the order’s first request is, too', async () => {
    const order = newOrder();
    const key = randomUUID();
    const place = () => request(stack, 'POST', '/orders', order, { 'idempotency-key': key });
    const orderId = String((await place()).body['orderId']);
    const change = (version: number) => patch(orderId, { status: 'CONFIRMED' }, `"${version}"`, key);
    expect((await change(1)).status).toBe(200);
    expect((await patch(orderId, { status: 'SHIPPED' }, '"2"')).status).toBe(200);
    for (const version of [1, 2, 3]) await forget(orderId, `EVENT#000000000${version}`);

    for (const again of [await place(), await change(1), await change(3)]) {
      expect([again.status, again.body['type']]).toEqual([409, 'urn:outbox:problem:idempotency-replay-expired']);
      expect(again.location).toBe(`${stack.api_endpoint}/orders/${orderId}`);
    }
    expect(await keysOf(orderId)).toEqual(['HEAD']);
  });
});

function atOnce(send: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: MANY }, send));
}

function answerOf(answer: Answer | undefined): string {
  return JSON.stringify([answer?.status, answer?.headers.get('etag'), answer?.body]);
}

function patch(orderId: string, change: unknown, ifMatch: string, key?: string): Promise<Answer> {
  const headers = { 'if-match': ifMatch, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return request(stack, 'PATCH', `/orders/${orderId}`, change, headers);
}

/** What lies under the order, by sort key. */
async function keysOf(orderId: string): Promise<(string | undefined)[]> {
  const { Items = [] } = await aws.dynamodb.send(
    new QueryCommand({
      TableName: stack.outbox_table_name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `order#${orderId}` } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => item['sk']?.S);
}

/** As TTL does, years later. */
async function forget(orderId: string, sk: string): Promise<void> {
  const Key = { pk: { S: `order#${orderId}` }, sk: { S: sk } };
  await aws.dynamodb.send(new DeleteItemCommand({ TableName: stack.outbox_table_name, Key }));
}
