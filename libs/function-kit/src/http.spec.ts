import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHttpHandler, type HttpRoute } from './http';
import type { LogFields } from './logger';

describe('createHttpHandler', () => {
  it('runs the matching route with parameters, headers in any case and the decoded body', async () => {
    const { call } = setUp({
      'PATCH /orders/{orderId}': (request) => ({
        statusCode: 200,
        body: JSON.stringify([request.parameters['orderId'], request.header('If-Match'), request.body()]),
      }),
    });
    const response = await call('PATCH', '/orders/o-1', {
      headers: { 'if-match': '"1"' },
      body: Buffer.from('{"é":1}').toString('base64'),
      isBase64Encoded: true,
    });
    expect(JSON.parse(response.body ?? '')).toEqual(['o-1', '"1"', { ok: true, text: '{"é":1}', bytes: 8 }]);
  });

  it.each([
    ['invalid UTF-8 in base64', Buffer.from([0x7b, 0xff]).toString('base64'), true],
    ['a lone surrogate in text', '{"a":"\ud800"}', false],
  ])('refuses %s as not UTF-8', async (_case, body, isBase64Encoded) => {
    const { call } = setUp({
      'POST /orders': (request) => ({ statusCode: 200, body: JSON.stringify(request.body()) }),
    });
    const response = await call('POST', '/orders', { body, isBase64Encoded });
    expect(JSON.parse(response.body ?? '')).toMatchObject({ ok: false, reason: 'not-utf8' });
  });

  it('answers an unknown path with 404 and a known path under another method with 405 and Allow', async () => {
    const { call } = setUp({ 'GET /orders/{orderId}': ok, 'PATCH /orders/{orderId}': ok });
    const missing = await call('GET', '/nope');
    expect(missing.statusCode).toBe(404);
    expect(JSON.parse(missing.body ?? '')).toMatchObject({ type: 'urn:outbox:problem:not-found', requestId: 'req-1' });
    const refused = await call('DELETE', '/orders/o-1');
    expect(refused.statusCode).toBe(405);
    expect(refused.headers).toMatchObject({ allow: 'GET, PATCH', 'content-type': 'application/problem+json' });
  });

  it('renders a returned problem without its internals', async () => {
    const { call } = setUp({
      'POST /orders': () => ({
        problem: { kind: 'busy', status: 503, title: 'Try again', headers: { 'retry-after': '1' } },
      }),
    });
    const response = await call('POST', '/orders');
    expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(response.body ?? '')).toEqual({
      type: 'urn:outbox:problem:busy',
      status: 503,
      title: 'Try again',
      requestId: 'req-1',
    });
  });

  it('logs a bug and hides it behind a 500 problem', async () => {
    const bug = new Error('secret table name');
    const { call, errors } = setUp({ 'POST /orders': () => Promise.reject(bug) });
    const response = await call('POST', '/orders');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(errors).toEqual([expect.objectContaining({ error: bug, requestId: 'req-1' })]);
  });
});

const ok: HttpRoute = () => ({ statusCode: 204 });

function setUp(routes: Record<string, HttpRoute>) {
  const errors: LogFields[] = [];
  const ignore = () => undefined;
  const handler = createHttpHandler(
    {
      logger: {
        debug: ignore,
        info: ignore,
        warn: ignore,
        error: (_message, fields = {}) => void errors.push(fields),
      },
      metrics: { count: ignore, milliseconds: ignore, flush: ignore },
    },
    routes,
  );
  const call = (method: string, path: string, more: Partial<APIGatewayProxyEventV2> = {}) =>
    handler(request(method, path, more), { getRemainingTimeInMillis: () => 1000 });
  return { call, errors };
}

function request(method: string, path: string, more: Partial<APIGatewayProxyEventV2>): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'spec' },
      requestId: 'req-1',
      routeKey: '$default',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1583348638390,
    },
    ...more,
  };
}
