import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createIds, type Logger } from '@outbox/function-kit';
import { addFaults, createMemoryOutbox, OUTBOX_TABLE, type Fault, type MemoryOutbox } from '@outbox/outbox-testing';
import { createFakeClock } from '@outbox/testing';
import { createHandler } from './handler';
import { body, context, event, jwt, orderIdOf, problem } from './testing/requests';

const order = { customerId: 'c-1', currency: 'EUR', items: [{ sku: 'sku-1', quantity: 2, unitPrice: '19.9' }] };
const key = 'a-key-of-16-chars-or-more';

describe('orders-api', () => {
  let outbox: MemoryOutbox;
  let requireIdempotencyKey: boolean;
  /** What happens to the next transaction. */
  let fault: Fault | undefined;
  beforeEach(() => {
    outbox = createMemoryOutbox({ tables: { orders: ['orderId'] } });
    requireIdempotencyKey = false;
    fault = undefined;
    addFaults(outbox.memory.client, () => {
      const now = fault;
      fault = undefined;
      return now;
    });
  });

  const orders = () => outbox.memory.items('orders');
  const versionOf = (id: string) => orders().find(({ orderId }) => orderId === id)?.['version'];
  const silence = () => Promise.reject(Object.assign(new Error('no answer'), { name: 'TimeoutError' }));

  describe('POST /orders', () => {
    it('places an order: 201 with Location, ETag, prices and total in the currency’s decimals', async () => {
      const answer = await post(order);
      expect(answer).toMatchObject({
        statusCode: 201,
        headers: { etag: '"1"', location: `orders/${body(answer)['orderId']}` },
      });
      expect(body(answer)).toMatchObject({
        status: 'PLACED',
        version: 1,
        total: '39.80',
        items: [{ unitPrice: '19.90' }],
      });
      expect(outbox.events()).toMatchObject([{ type: 'OrderCreated', sequence: '1', data: body(answer) }]);
    });

    it('answers a repeated key with the first answer, even after the order moved on', async () => {
      const first = await post(order, { 'Idempotency-Key': key });
      await patch(orderIdOf(first), { status: 'CONFIRMED' }, { 'if-match': '"1"' });
      const again = await post(order, { 'Idempotency-Key': key });

      expect(again).toEqual(first);
      expect(orders().length).toBe(1);
    });

    it('answers the first answer when the write took effect and its answer got lost, with and without a key', async () => {
      for (const headers of [{ 'idempotency-key': key }, {}]) {
        fault = 'forgotten';
        expect((await post(order, headers)).statusCode).toBe(201);
      }
      expect(orders().length).toBe(2);
    });

    it('refuses a key that was used for another body, and never makes a second order once the answer expired', async () => {
      const first = await post(order, { 'idempotency-key': key });
      expect(problem(await post({ ...order, customerId: 'c-2' }, { 'idempotency-key': key }))).toEqual([
        422,
        'idempotency-key-reused',
      ]);

      await patch(orderIdOf(first), { status: 'CONFIRMED' }, { 'if-match': '"1"' });
      outbox.removeEvents();
      const expired = await post(order, { 'idempotency-key': key });
      expect(problem(expired)).toEqual([409, 'idempotency-replay-expired']);
      expect(expired.headers?.['location']).toBe(`orders/${orderIdOf(first)}`);
      expect(orders().length).toBe(1);
    });

    it('takes a short key from a signed-in caller only, and keeps principals apart', async () => {
      expect(problem(await post(order, { 'idempotency-key': 'short' }))).toEqual([400, 'idempotency-key-unusable']);
      const ada = await send('POST', '/orders', order, { 'idempotency-key': 'short' }, jwt('ada'));
      const bob = await send('POST', '/orders', order, { 'idempotency-key': 'short' }, jwt('bob'));
      expect([ada.statusCode, bob.statusCode]).toEqual([201, 201]);
      expect(orderIdOf(ada)).not.toBe(orderIdOf(bob));
    });

    it('can be told to require a key', async () => {
      requireIdempotencyKey = true;
      expect(problem(await post(order))).toEqual([400, 'idempotency-key-missing']);
    });

    it('is 503 with Retry-After while DynamoDB is busy', async () => {
      fault = 'unreachable';
      const answer = await post(order);
      expect(problem(answer)).toEqual([503, 'busy']);
      expect(answer.headers?.['retry-after']).toBe('1');
    });

    it('is 503 with Retry-After when DynamoDB does not answer', async () => {
      fault = 'unanswered';
      expect(problem(await post(order, { 'idempotency-key': key }))).toEqual([503, 'busy']);
      expect((await post(order, { 'idempotency-key': key })).statusCode).toBe(201);
      expect(orders().length).toBe(1);

      outbox.loadHead = silence;
      expect(problem(await send('GET', `/orders/${String(orders()[0]?.['orderId'])}`))).toEqual([503, 'busy']);
    });

    it('is a fault, not a lost race, when a restore left the event of an order that is not there', async () => {
      await post(order, { 'idempotency-key': key });
      outbox.memory.remove('orders', () => true);
      outbox.memory.remove(OUTBOX_TABLE, ({ sk }) => sk === 'HEAD');
      expect(problem(await post(order, { 'idempotency-key': key }))).toEqual([500, 'internal-error']);
    });

    it.each<[string, unknown, number, string]>([
      ['malformed JSON', '{"customerId":', 400, 'malformed-body'],
      ['no body', '', 400, 'malformed-body'],
      ['a lone surrogate', '{"customerId":"\ud800"}', 400, 'malformed-body'],
      ['too many bytes', JSON.stringify(order) + ' '.repeat(131_072), 413, 'too-large'],
      ['a wrong type', '"order"', 422, 'invalid-body'],
      ['an unknown field', { ...order, surprise: 1 }, 422, 'invalid-body'],
      ['an unknown currency', { ...order, currency: 'XXX' }, 422, 'invalid-body'],
      ['a negative price', { ...order, items: [{ ...order.items[0], unitPrice: '-1' }] }, 422, 'invalid-body'],
      ['decimals in JPY', { ...order, currency: 'JPY' }, 422, 'invalid-body'],
      ['a hostile name', { ...order, customerId: 'c\u0007' }, 422, 'invalid-body'],
      ['text that no queue takes', { ...order, customerId: 'c\ufffe' }, 422, 'invalid-body'],
      ['half a character, escaped', '{"customerId":"\\ud800","currency":"EUR","items":[]}', 422, 'invalid-body'],
      ['501 items', { ...order, items: Array.from({ length: 501 }, () => order.items[0]) }, 422, 'invalid-body'],
    ])('refuses %s', async (_what, request, status, kind) => {
      expect(problem(await post(request))).toEqual([status, kind]);
      expect(orders().length).toBe(0);
    });

    it('names every invalid field by its pointer', async () => {
      const answer = await post({
        ...order,
        items: [
          { sku: 's', quantity: 1, unitPrice: '1.999' },
          { sku: 's', quantity: 1, unitPrice: 'x' },
        ],
      });
      expect(body(answer)['errors']).toMatchObject([
        { pointer: '/items/0/unitPrice' },
        { pointer: '/items/1/unitPrice' },
      ]);
    });

    it('refuses bytes that are not UTF-8, and other media types', async () => {
      const bytes = Buffer.from([0x7b, 0xff, 0x7d]).toString('base64');
      expect(problem(await handler()({ ...event('POST', '/orders', bytes), isBase64Encoded: true }, context))).toEqual([
        400,
        'malformed-body',
      ]);
      for (const type of ['text/plain', 'application/json; charset=latin1', undefined]) {
        expect(problem(await post(order, { 'content-type': type }))).toEqual([415, 'unsupported-media-type']);
      }
    });
  });

  describe('PATCH /orders/{orderId}', () => {
    it('changes an order once for one key, whatever If-Match says the second time', async () => {
      const id = orderIdOf(await post(order));
      const headers = { 'idempotency-key': key };
      const first = await patch(id, { status: 'CONFIRMED' }, { ...headers, 'if-match': '"1"' });
      expect(first).toMatchObject({ statusCode: 200, headers: { etag: '"2"' } });

      await patch(id, { status: 'SHIPPED' }, { 'if-match': '"2"' });
      const again = await patch(id, { status: 'CONFIRMED' }, { ...headers, 'if-match': '"3"' });
      expect(again).toEqual(first);
      expect(problem(await patch(id, { status: 'SHIPPED' }, { ...headers, 'if-match': '"3"' }))).toEqual([
        422,
        'idempotency-key-reused',
      ]);
      expect(versionOf(id)).toBe(3);
    });

    it('is a fault, not a lost race, when a restore left the event of a version that the order has not', async () => {
      const id = orderIdOf(await post(order));
      const restoreOrders = outbox.memory.backUp('orders');
      await patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' });
      restoreOrders();
      await outbox.memory.client.send(
        new UpdateItemCommand({
          TableName: OUTBOX_TABLE,
          Key: { pk: { S: `order#${id}` }, sk: { S: 'HEAD' } },
          UpdateExpression: 'SET lastSequence = :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );
      expect(problem(await patch(id, { status: 'CANCELLED' }, { 'if-match': '"1"' }))).toEqual([500, 'internal-error']);
      expect(versionOf(id)).toBe(1);
    });

    it('is a fault when a restore left the order behind its head', async () => {
      const id = orderIdOf(await post(order));
      const restoreOrders = outbox.memory.backUp('orders');
      await patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' });
      restoreOrders();
      expect(problem(await patch(id, { status: 'CANCELLED' }, { 'if-match': '"2"' }))).toEqual([500, 'internal-error']);
      expect(versionOf(id)).toBe(1);
    });

    it('never applies a key twice, not even 17 keys later', async () => {
      const id = orderIdOf(await post(order));
      const change = (n: number) => ({ items: [{ sku: `sku-${n}`, quantity: 1, unitPrice: '1.00' }] });
      const send = (n: number, version: number) =>
        patch(id, change(n), { 'idempotency-key': `${key}-${n}`, 'if-match': `"${version}"` });
      for (let n = 1; n <= 17; n++) expect((await send(n, n)).statusCode).toBe(200);

      expect((await send(2, 18)).statusCode).toBe(200);
      expect(problem(await send(1, 18))).toEqual([409, 'idempotency-replay-expired']);
      expect(versionOf(id)).toBe(18);
    });

    it('refuses a repeat once the order moved on and retention took its answer away', async () => {
      const id = orderIdOf(await post(order));
      const send = (version: number) =>
        patch(id, { status: 'CONFIRMED' }, { 'idempotency-key': key, 'if-match': `"${version}"` });
      const first = await send(1);
      outbox.removeEvents();
      expect(await send(2)).toEqual(first);

      await patch(id, { status: 'SHIPPED' }, { 'if-match': '"2"' });
      outbox.removeEvents();
      for (const version of [1, 3]) expect(problem(await send(version))).toEqual([409, 'idempotency-replay-expired']);
      expect(versionOf(id)).toBe(3);
    });

    it('gives the first answer when its write took effect and the answer got lost', async () => {
      const id = orderIdOf(await post(order));
      fault = 'forgotten';
      expect((await patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' })).statusCode).toBe(200);
    });

    it('needs If-Match, fresh; and a legal change', async () => {
      const id = orderIdOf(await post(order));
      expect(problem(await patch(id, { status: 'CONFIRMED' }))).toEqual([428, 'if-match-missing']);
      expect(problem(await patch(id, { status: 'DELIVERED' }, { 'if-match': '"1"' }))).toEqual([
        409,
        'illegal-transition',
      ]);
      expect((await patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' })).statusCode).toBe(200);
      const stale = await patch(id, { status: 'CANCELLED' }, { 'if-match': '"1"' });
      expect(problem(stale)).toEqual([412, 'if-match-stale']);
      expect(stale.headers?.['etag']).toBe('"2"');
      expect(problem(await patch(id, { items: order.items }, { 'if-match': '"2"' }))).toEqual([409, 'items-fixed']);
      expect(problem(await patch(id, {}, { 'if-match': '"2"' }))).toEqual([422, 'invalid-body']);
    });

    it('keeps one of many concurrent changes', async () => {
      const id = orderIdOf(await post(order));
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' })),
      );
      expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array<number>(49).fill(412)]);
    });
  });

  describe('GET /orders/{orderId}', () => {
    it('shows an order to its owner, and 404 to anybody else', async () => {
      const placed = await send('POST', '/orders', order, {}, jwt('ada'));
      const path = `/orders/${orderIdOf(placed)}`;
      expect(body(await send('GET', path, undefined, {}, jwt('ada')))).toEqual(body(placed));
      expect(problem(await send('GET', path, undefined, {}, jwt('bob')))).toEqual([404, 'order-not-found']);
      expect(problem(await send('PATCH', path, { status: 'CONFIRMED' }, { 'if-match': '"1"' }, jwt('bob')))).toEqual([
        404,
        'order-not-found',
      ]);
    });

    it('keeps an IAM caller’s orders over sessions, and trusts no authorizer that names nobody', async () => {
      const iam = (session: string) => ({ iam: { accountId: '111111111111', userId: `AROAEXAMPLE:${session}` } });
      const placed = await send('POST', '/orders', order, {}, iam('monday'));
      const path = `/orders/${orderIdOf(placed)}`;
      expect((await send('GET', path, undefined, {}, iam('tuesday'))).statusCode).toBe(200);
      const nobodies = [{ jwt: { claims: { iss: 'https://issuer' }, scopes: [] } }, { lambda: { sub: 'ada' } }];
      for (const nobody of nobodies) {
        expect(problem(await send('POST', '/orders', order, {}, nobody))).toEqual([500, 'internal-error']);
      }
      expect(orders().length).toBe(1);
    });

    it('looks up nothing under what can’t be an order’s id', async () => {
      const read = jest.spyOn(outbox, 'loadHead');
      for (const id of ['nope', '__proto__', 'x'.repeat(3_000)]) {
        expect(problem(await send('GET', `/orders/${id}`))).toEqual([404, 'order-not-found']);
        expect(problem(await patch(id, { status: 'CONFIRMED' }, { 'if-match': '"1"' }))).toEqual([
          404,
          'order-not-found',
        ]);
      }
      expect(read).not.toHaveBeenCalled();
    });

    it('is 404 for an unknown order or path, 405 for another method', async () => {
      const unknown = '/orders/01980000-0000-7000-8000-000000000000';
      expect(problem(await send('GET', unknown))).toEqual([404, 'order-not-found']);
      expect(problem(await send('GET', '/elsewhere'))).toEqual([404, 'not-found']);
      expect(problem(await send('DELETE', '/orders/nope'))).toEqual([405, 'method-not-allowed']);
    });
  });

  it('carries the caller’s trace context into the event, or starts one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post(order, { traceparent });
    await post(order, { traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' });
    const [sent, started] = outbox.events().map((event) => event.traceparent);
    expect(sent).toBe(traceparent);
    expect(started).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  function handler() {
    const clock = createFakeClock(Date.UTC(2026, 0, 1));
    const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
    const ids = createIds(clock, () => random(16));
    const metrics = { count: () => {}, milliseconds: () => {}, percent: () => {}, flush: () => {} };
    const table = { dynamodb: outbox.memory.client, tableName: 'orders' };
    return createHandler({ orders: table, outbox, requireIdempotencyKey, clock, ids, random, logger: silent, metrics });
  }

  function send(method: string, path: string, request?: unknown, headers = {}, authorizer?: object) {
    const text = typeof request === 'string' || request === undefined ? request : JSON.stringify(request);
    return handler()(event(method, path, text, headers, authorizer), context);
  }

  function post(request: unknown, headers: Record<string, string | undefined> = {}) {
    return send('POST', '/orders', request, headers);
  }

  function patch(id: string, request: unknown, headers: Record<string, string> = {}) {
    return send('PATCH', `/orders/${id}`, request, headers);
  }
});
