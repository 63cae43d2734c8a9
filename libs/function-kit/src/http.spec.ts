import { httpEvent, recordingTelemetry, recordingTracer } from '@outbox/testing';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHttpHandler, type HttpRoute } from './http';
import { invalidHeader, ProblemError } from './problem';

describe('createHttpHandler', () => {
  it('runs the matching route with parameters, headers in any case and the decoded body', async () => {
    const { call } = setUp({
      'PATCH /books/{bookId}': (request) => ({
        statusCode: 200,
        body: JSON.stringify([request.parameters['bookId'], request.header('If-Match'), request.body()]),
      }),
    });
    const response = await call('PATCH', '/books/o-1', {
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
      'POST /books': (request) => ({ statusCode: 200, body: JSON.stringify(request.body()) }),
    });
    const response = await call('POST', '/books', { body, isBase64Encoded });
    expect(JSON.parse(response.body ?? '')).toMatchObject({ ok: false, reason: 'not-utf8' });
  });

  it('answers an unknown path with 404 and a known path under another method with 405 and Allow', async () => {
    const { call } = setUp({ 'GET /books/{bookId}': ok, 'PATCH /books/{bookId}': ok });
    const missing = await call('GET', '/nope');
    expect(missing.statusCode).toBe(404);
    expect(JSON.parse(missing.body ?? '')).toMatchObject({ type: 'urn:outbox:problem:not-found', requestId: 'req-1' });
    const refused = await call('DELETE', '/books/o-1');
    expect(refused.statusCode).toBe(405);
    expect(refused.headers).toMatchObject({ allow: 'GET, HEAD, PATCH', 'content-type': 'application/problem+json' });
  });

  it('names each method once in Allow', async () => {
    const routes = { 'HEAD /files/{path+}': ok, 'GET /files/{path+}': ok, 'GET /files/{name}': ok };
    expect((await setUp(routes).call('PUT', '/files/a')).headers).toMatchObject({ allow: 'HEAD, GET' });
  });

  it('renders a returned problem without its internals', async () => {
    const { call } = setUp({
      'POST /books': () => ({
        problem: { kind: 'busy', status: 503, title: 'Try again', headers: { 'retry-after': '1' } },
      }),
    });
    const response = await call('POST', '/books');
    expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(response.body ?? '')).toEqual({
      type: 'urn:outbox:problem:busy',
      status: 503,
      title: 'Try again',
      requestId: 'req-1',
    });
  });

  it('renders a thrown problem, and counts it as no error of its own', async () => {
    const { call, logged, counted } = setUp({
      'POST /books': () => Promise.reject(new ProblemError(invalidHeader('X-One', 'takes one value'))),
    });
    const response = await call('POST', '/books');
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(response.body ?? '')).toMatchObject({
      type: 'urn:outbox:problem:invalid-header',
      detail: 'X-One takes one value',
      errors: [{ pointer: 'header:x-one' }],
    });
    expect([logged, counted]).toEqual([[], {}]);
  });

  it('judges preconditions of a GET that succeeds, not of one that fails', async () => {
    const found = { statusCode: 200, headers: { etag: '"1"', 'content-type': 'text/plain' }, body: 'x' };
    const missing = { problem: { kind: 'gone', status: 404, title: 'Gone' } };
    const { call } = setUp({ 'GET /found': () => found, 'GET /missing': () => missing, 'POST /found': () => found });
    const headers = { 'if-none-match': '"1"', 'if-match': '"1"' };
    expect(await call('GET', '/found', { headers })).toEqual({ statusCode: 304, headers: found.headers });
    expect((await call('POST', '/found', { headers })).statusCode).toBe(200);
    expect((await call('GET', '/found', { headers: { ...headers, 'if-match': '"2"' } })).statusCode).toBe(412);
    expect((await call('GET', '/missing', { headers: { 'if-match': 'malformed' } })).statusCode).toBe(404);
  });

  it('logs a bug and hides it behind a 500 problem', async () => {
    const bug = new Error('secret table name');
    const { call, logged } = setUp({ 'POST /books': () => Promise.reject(bug) });
    const response = await call('POST', '/books');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(logged).toEqual([
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ error: bug, requestId: 'req-1' }) }),
    ]);
  });

  describe('tracing', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const trace: HttpRoute = (request) => ({ statusCode: 200, body: JSON.stringify(request.trace) });

    it.each([
      ['the caller’s', { traceparent, tracestate: 'a=1' }, { traceparent, tracestate: 'a=1' }],
      ['the caller’s, sent twice', { traceparent: `${traceparent},${traceparent}` }, { traceparent }],
      ['a new one', {}, { traceparent: `00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-01` }],
      [
        'a new one where it is malformed',
        { traceparent: 'x', tracestate: 'a=1' },
        { traceparent: `00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-01` },
      ],
    ])('passes on %s', async (_which, headers, expected) => {
      const { call } = setUp({ 'GET /trace': trace });
      expect(JSON.parse((await call('GET', '/trace', { headers })).body ?? '')).toEqual(expected);
    });

    it('records the request as a part of the caller’s trace, and flushes before it answers', async () => {
      const tracer = recordingTracer();
      const { call } = setUp({ 'GET /trace': trace }, tracer);
      const answer = await call('GET', '/trace', { headers: { traceparent }, routeKey: 'GET /trace' });
      const span = tracer.span('GET /trace');
      expect(span).toMatchObject({
        kind: 'server',
        parentSpanId: 'b7ad6b7169203331',
        attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
      });
      expect(answer.body).toContain(`00-${span.traceId}-${span.spanId}-01`);
      expect(tracer.flushes()).toBe(1);
    });

    it('tells of a bug which trace it is in', async () => {
      const bug = new Error('bug');
      const tracer = recordingTracer();
      const { call, logged } = setUp({ 'GET /trace': () => Promise.reject(bug) }, tracer);
      await call('GET', '/trace', { headers: { traceparent } });
      expect(tracer.spans).toMatchObject([{ error: bug }]);
      expect(logged).toMatchObject([{ fields: { traceId: '0af7651916cd43dd8448eb211c80319c' } }]);
    });
  });
});

const ok: HttpRoute = () => ({ statusCode: 204 });

function setUp(routes: Record<string, HttpRoute>, tracer?: ReturnType<typeof recordingTracer>) {
  const telemetry = recordingTelemetry();
  const random = (bytes: number) => new Uint8Array(bytes).fill(0xab);
  const handler = createHttpHandler({ ...telemetry, tracer, random }, routes);
  const call = (method: string, path: string, more: Partial<APIGatewayProxyEventV2> = {}) =>
    handler(httpEvent(method, path, more), { getRemainingTimeInMillis: () => 1000 });
  return { call, logged: telemetry.logged, counted: telemetry.counted };
}
