import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { principalOf } from '@outbox/function-kit';
import { gatewayEvent, httpEvent, recordingTelemetry } from '@outbox/testing';
import { encodeCursor } from './cursor';
import { createHandler } from './handler';

const context = { getRemainingTimeInMillis: () => 10_000 };
const position = { customerId: 'c-1', placedAt: '2026-01-01T00:00:00.000Z', orderId: 'o-1' };

describe('GET /customers/{customerId}/orders', () => {
  it('lists every order once, newest first, page by page', async () => {
    const { get } = setUp(45);
    const ids: string[] = [];
    const sizes: number[] = [];
    let query: Record<string, string> = {};
    for (;;) {
      const { body } = await get('c-1', query);
      sizes.push(body.orders.length);
      ids.push(...body.orders.map((order) => order['orderId'] as string));
      if (body.nextCursor === undefined) break;
      query = { cursor: body.nextCursor };
    }
    expect(sizes).toEqual([20, 20, 5]);
    expect(ids).toEqual(Array.from({ length: 45 }, (_, index) => `o-${44 - index}`));
  });

  it('gives no cursor when a page ends with the last order', async () => {
    const { status, body } = await setUp(20).get('c-1');
    expect([status, body.orders.length, body.nextCursor]).toEqual([200, 20, undefined]);
  });

  it('shows a caller its own orders only, however many others lie between', async () => {
    const ada = { jwt: { claims: { iss: 'https://issuer', sub: 'ada' }, scopes: null } };
    const adas = principalOf({ event: authorized(ada) }).id;
    const { get, queries } = setUp(700, undefined, (index) => (index % 100 === 0 ? adas : 'somebody'));
    const { body } = await get('c-1', {}, 'GET', ada);
    expect(body.orders.map((order) => order['orderId'])).toEqual([
      'o-600',
      'o-500',
      'o-400',
      'o-300',
      'o-200',
      'o-100',
      'o-0',
    ]);
    expect(body.nextCursor).toBeUndefined();
    expect(queries.length).toBe(5);
    expect((await get('c-1')).body.orders).toEqual([]);
  });

  it('goes on by the cursor where others’ orders fill what one answer may look at', async () => {
    const { get } = setUp(900, undefined, (index) => (index === 0 ? 'anonymous' : 'somebody'));
    const first = await get('c-1');
    expect([first.body.orders.length, typeof first.body.nextCursor]).toEqual([0, 'string']);
    const second = await get('c-1', { cursor: first.body.nextCursor ?? '' });
    expect(second.body.orders).toMatchObject([{ orderId: 'o-0' }]);
  });

  it('shows what a list needs of an order', async () => {
    const { body } = await setUp(1).get('c-1');
    expect(body.orders).toEqual([
      {
        orderId: 'o-0',
        status: 'PLACED',
        total: '12.50',
        currency: 'EUR',
        itemCount: 2,
        placedAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
        version: 1,
      },
    ]);
  });

  it.each([
    ['an empty cursor', { cursor: '' }],
    ['noise', { cursor: '%%%' }],
    ['another customer’s cursor', { cursor: encodeCursor({ ...position, customerId: 'c-2' }) }],
    ['a cursor with something behind it', { cursor: `${encodeCursor(position)}=` }],
    ['a cursor of another form', { cursor: Buffer.from('[2,"c-1"]').toString('base64url') }],
    ['a cursor with a strange time', { cursor: encodeCursor({ ...position, placedAt: 'yesterday' }) }],
    ['a cursor sent twice', { cursor: `${encodeCursor(position)},${encodeCursor(position)}` }],
    ['an unknown parameter', { limit: '1000' }],
  ])('refuses %s with 400', async (_case, query) => {
    const { status, problem, queries } = await setUp(1).get('c-1', query);
    expect(status).toBe(400);
    expect(problem).toMatchObject({ type: 'urn:outbox:problem:invalid-query', requestId: 'req-1' });
    expect(queries).toEqual([]);
  });

  it('knows no customer id an order cannot have', async () => {
    expect((await setUp(0).get('é'.repeat(33))).status).toBe(404);
  });

  it.each(['ThrottlingException', 'TimeoutError'])('answers %s with 503 and Retry-After', async (name) => {
    const { status, headers } = await setUp(0, Object.assign(new Error('slow down'), { name })).get('c-1');
    expect([status, headers]).toEqual([503, expect.objectContaining({ 'retry-after': '1' })]);
  });

  it.each([
    ['GET /customers/{customerId}/orders', 'a%2Fb', 'a/b'],
    ['HEAD /customers/{customerId}/orders', 'a%2Fb', 'a/b'],
    ['GET /customers/{path+}', 'a%2Fb', 'a/b'],
    ['GET /customers/{path+}', 'orders%2Forders', 'orders/orders'],
    ['GET /customers/{path+}', '%2F', '/'],
  ])('lists a customer with a slash, %s: %s', async (routeKey, sent, customerId) => {
    const { handler, queries } = setUp(1);
    const event = gatewayEvent(routeKey, { line: `${routeKey.split(' ')[0]} /customers/${sent}/orders` });
    expect((await handler(event, context)).statusCode).toBe(200);
    expect(queries[0]?.ExpressionAttributeValues?.[':customer']).toEqual({ S: customerId });
  });

  it.each(['/customers/c-1', '/customers//orders', '/customers/c-1/orders/1'])('has nothing at %s', async (path) => {
    const { handler, queries } = setUp(1);
    const response = await handler(gatewayEvent('GET /customers/{path+}', { line: `GET ${path}` }), context);
    expect([response.statusCode, queries]).toEqual([404, []]);
    expect(response.body).toContain('urn:outbox:problem:not-found');
  });

  it('answers another method with 405', async () => {
    expect((await setUp(0).get('c-1', {}, 'POST')).status).toBe(405);
  });
});

function authorized(authorizer: Record<string, unknown>) {
  const event = httpEvent('GET', '/');
  Object.assign(event.requestContext, { authorizer });
  return event;
}

interface ListBody {
  readonly orders: Record<string, unknown>[];
  readonly nextCursor?: string;
}

/**
 * A table whose index holds `count` orders of c-1, one per minute; it honours start key, limit (before the filter) and
 * owner as DynamoDB does.
 */
function setUp(count: number, failure?: Error, ownerOf: (index: number) => string | undefined = () => undefined) {
  const queries: QueryCommandInput[] = [];
  const items = Array.from({ length: count }, (_, index) => viewItem(index, ownerOf(index))).reverse();
  const dynamodb = {
    send: ({ input }: { input: QueryCommandInput }) => {
      if (failure) return Promise.reject(failure);
      queries.push(input);
      const start = items.findIndex((item) => item.pk.S === input.ExclusiveStartKey?.['pk']?.S) + 1;
      const end = start + (input.Limit ?? items.length);
      const owner = input.ExpressionAttributeValues?.[':owner']?.S;
      const withoutOwner = input.FilterExpression?.includes('attribute_not_exists(effect.#owner)') ?? false;
      const Items = items.slice(start, end).filter((item) => {
        const itsOwner = item.effect.M.owner;
        return itsOwner ? itsOwner.S === owner : withoutOwner;
      });
      const last = items[end - 1];
      return Promise.resolve({ Items, ...(last ? { LastEvaluatedKey: last } : {}) });
    },
  } as unknown as DynamoDBClient;
  const handler = createHandler({
    config: { tableName: 'order-view' },
    dynamodb,
    ...recordingTelemetry(),
  });
  const get = async (
    customerId: string,
    query: Record<string, string> = {},
    method = 'GET',
    authorizer?: Record<string, unknown>,
  ) => {
    const event = httpEvent(method, `/customers/${customerId}/orders`, {
      queryStringParameters: query,
      pathParameters: { customerId },
    });
    if (authorizer) Object.assign(event.requestContext, { authorizer });
    const response = await handler(event, context);
    const body = JSON.parse(response.body ?? '') as ListBody;
    return { status: response.statusCode, headers: response.headers, body, problem: body, queries };
  };
  return { get, handler, queries };
}

function viewItem(index: number, owner: string | undefined) {
  const placedAt = { S: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString() };
  return {
    pk: { S: `orders#order#o-${index}` },
    sk: { S: 'INBOX' },
    customerId: { S: 'c-1' },
    placedAt,
    effect: {
      M: {
        customerId: { S: 'c-1' },
        status: { S: 'PLACED' },
        total: { S: '12.50' },
        currency: { S: 'EUR' },
        itemCount: { N: '2' },
        placedAt,
        updatedAt: placedAt,
        ...(owner === undefined ? {} : { owner: { S: owner } }),
      },
    },
    firstVersion: { N: '1' },
    lastVersion: { N: '1' },
    lastEventId: { S: `e-${index}` },
  };
}
