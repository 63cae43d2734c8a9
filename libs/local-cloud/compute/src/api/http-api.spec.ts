import { request as httpRequest } from 'node:http';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../testing/spec-engine';
import { specLogs } from '../testing/spec-logs';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:api';
const INVOKE_URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

/** Answers what the request's JSON body says, or the event itself. */
const CODE = `exports.handler = async (event) => {
  if (!event.body) return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) };
  const order = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body);
  if (order.throw) throw new Error('boom');
  if (order.sleep) await new Promise((r) => setTimeout(r, order.sleep));
  return 'answer' in order ? order.answer : { statusCode: 200, body: JSON.stringify(event) };
}`;

const logs = specLogs();
let spec: SpecEngine;
let apiId: string;
let endpoint: string;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service]);
  await createFunction(spec, 'api', CODE);
  const api = await spec.call('apigatewayv2', 'CreateApi', { Name: 'orders', ProtocolType: 'HTTP' });
  apiId = api.ApiId ?? '';
  endpoint = api.ApiEndpoint ?? '';
  const integrate = (change: object) =>
    spec.call('apigatewayv2', 'CreateIntegration', {
      ApiId: apiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: INVOKE_URI,
      PayloadFormatVersion: '2.0',
      PassthroughBehavior: 'WHEN_NO_MATCH',
      ...change,
    });
  const integration = await integrate({});
  const impatient = await integrate({ TimeoutInMillis: 50 });
  for (const RouteKey of [
    'POST /orders',
    'GET /orders/{orderId}',
    'ANY /orders/{orderId}/lines',
    'GET /files/{path+}',
    'GET /denied',
  ]) {
    await spec.call('apigatewayv2', 'CreateRoute', {
      ApiId: apiId,
      RouteKey,
      Target: `integrations/${integration.IntegrationId}`,
    });
  }
  await spec.call('apigatewayv2', 'CreateRoute', {
    ApiId: apiId,
    RouteKey: 'POST /impatient',
    Target: `integrations/${impatient.IntegrationId}`,
  });
  await spec.call('apigatewayv2', 'CreateStage', {
    ApiId: apiId,
    StageName: '$default',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/apis/orders',
      Format:
        '{"id":"$context.requestId","route":"$context.routeKey","status":"$context.status","none":"$context.authorizer.sub"}',
    },
  });
  await spec.call('lambda', 'AddPermission', {
    FunctionName: 'api',
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/*/*`,
  });
});
afterAll(() => spec.close());

async function post(body: unknown, init: RequestInit = {}) {
  return fetch(`${endpoint}/orders`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...init,
  });
}

describe('the event of payload format 2.0', () => {
  it('holds path, query, headers, cookies and context', async () => {
    const response = await raw('GET', `${endpoint}/orders/o%201?a=1&a=2&b=x%20y`, [
      ['x-twice', 'one'],
      ['x-twice', 'two'],
      ['cookie', 'a=1; b=2'],
      ['user-agent', 'spec'],
    ]);
    const event = JSON.parse(response) as Record<string, unknown>;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /orders/{orderId}',
      rawPath: '/orders/o 1',
      rawQueryString: 'a=1&a=2&b=x%20y',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: expect.any(String),
        'x-twice': 'one,two',
        'user-agent': 'spec',
        'content-length': '0',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(endpoint).port,
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: 'x y' },
      pathParameters: { orderId: 'o 1' },
      requestContext: {
        accountId: '000000000000',
        apiId,
        domainName: expect.any(String),
        domainPrefix: apiId,
        http: { method: 'GET', path: '/orders/o 1', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'spec' },
        requestId: expect.any(String),
        routeKey: 'GET /orders/{orderId}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event['body']).toBeUndefined();
  });

  it.each([
    ['JSON as text', 'application/json', Buffer.from('{"ü":1}'), '{"ü":1}', false],
    [
      'a form as base64',
      'application/x-www-form-urlencoded',
      Buffer.from('{"a":1}'),
      Buffer.from('{"a":1}').toString('base64'),
      true,
    ],
  ])('carries %s', async (_kind, type, bytes, body, isBase64Encoded) => {
    const response = await fetch(`${endpoint}/orders`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': type },
    });
    expect(await response.json()).toMatchObject({ body, isBase64Encoded });
  });
});

describe('a function’s answer', () => {
  it('becomes status, headers, cookies and body', async () => {
    const body = Buffer.from([0, 255]).toString('base64');
    const response = await post({
      answer: {
        statusCode: 201,
        headers: { Location: '/orders/1', 'x-n': 1 },
        cookies: ['a=1', 'b=2'],
        body,
        isBase64Encoded: true,
      },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/orders/1');
    expect(response.headers.get('x-n')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
    expect(response.headers.get('apigw-requestid')).toMatch(/=$/);
  });

  it.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['a string', 'text', 'text'],
    ['a list', [1], '[1]'],
  ])('without a status code is the body of a 200: %s', async (_kind, answer, text) => {
    const response = await post({ answer });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      text,
    ]);
  });

  it.each([204, 304])('of status %i tells no length of a body it cannot have', async (statusCode) => {
    const response = await post({ answer: { statusCode, headers: { etag: '"1"' } } });
    expect([response.status, response.headers.get('etag')]).toEqual([statusCode, '"1"']);
    expect(response.headers.get('content-length')).toBeNull();
  });

  it.each([
    { statusCode: 'abc' },
    { statusCode: 200, body: { no: 'text' } },
    { statusCode: 200, headers: { a: {} } },
    { statusCode: 200, headers: { a: 'b\nc: d' } },
    { statusCode: 200, headers: { a: '✓' } },
    { statusCode: 200, cookies: ['a=✓'] },
  ])('that is malformed is a 500: %j', async (answer) => {
    const response = await post({ answer });
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });
});

describe('API Gateway’s own answers', () => {
  it.each([
    ['no such path', 'GET', '/nothing', 404, 'Not Found'],
    ['another method', 'DELETE', '/orders', 404, 'Not Found'],
    ['an empty path parameter', 'GET', '/orders/', 404, 'Not Found'],
  ])('%s', async (_kind, method, path, status, message) => {
    const response = await fetch(`${endpoint}${path}`, { method });
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('431 when request line and headers are too large', async () => {
    const answer = await fetch(`${endpoint}/orders/1`, { headers: { 'x-large': 'x'.repeat(10_240) } });
    expect([answer.status, await answer.json()]).toEqual([431, { message: 'Request Header Fields Too Large' }]);
    expect((await fetch(`${endpoint}/orders/${'x'.repeat(9_000)}`)).status).toBe(200);
  });

  it('500 when the function throws, 503 when it is late, 413 when the body is too large', async () => {
    expect((await post({ throw: true })).status).toBe(500);
    const late = await fetch(`${endpoint}/impatient`, { method: 'POST', body: '{"sleep":1000}' });
    expect([late.status, await late.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect((await post({ x: 'x'.repeat(6_400_000) })).status).toBe(413);
    expect((await post({ x: 'x'.repeat(10_500_000) })).status).toBe(413);
  });

  it('500 when the function’s policy does not let API Gateway in, which it is asked for this very route', async () => {
    expect((await fetch(`${endpoint}/orders/1/lines`, { method: 'PUT' })).status).toBe(200);
    expect(spec.asked.findLast(({ requirement }) => requirement.action === 'lambda:InvokeFunction')).toMatchObject({
      caller: {
        service: 'apigateway.amazonaws.com',
        sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/PUT/orders/{orderId}/lines`,
      },
      requirement: { action: 'lambda:InvokeFunction', resource: FUNCTION },
    });
    await spec.call('lambda', 'RemovePermission', { FunctionName: 'api', StatementId: 'api' });
    expect((await fetch(`${endpoint}/orders/1`)).status).toBe(500);
    await spec.call('lambda', 'AddPermission', {
      FunctionName: 'api',
      StatementId: 'api',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    });
  });

  it('429 above the stage’s limit', async () => {
    await spec.call('apigatewayv2', 'UpdateStage', {
      ApiId: apiId,
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 0.01 },
    });
    spec.clock.advance(200_000);
    await fetch(`${endpoint}/files/a/b`);
    const second = await fetch(`${endpoint}/files/a/b`);
    expect([second.status, await second.json()]).toEqual([429, { message: 'Too Many Requests' }]);
    await spec.call('apigatewayv2', 'UpdateStage', {
      ApiId: apiId,
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 100 },
    });
  });
});

describe('stages', () => {
  it('log each request in their format', async () => {
    const response = await fetch(`${endpoint}/nothing-here`);
    const id = response.headers.get('apigw-requestid');
    const line = JSON.stringify({ id, route: '-', status: '404', none: '-' });
    await until(() => logs.messages('/aws/vendedlogs/apis/orders').includes(line));
  });

  it('serve what was deployed to them; a named one is the first segment of the path', async () => {
    await spec.call('apigatewayv2', 'CreateStage', { ApiId: apiId, StageName: 'v1' });
    expect((await fetch(`${endpoint}/v1/orders/1`)).status).toBe(404);
    await spec.call('apigatewayv2', 'CreateDeployment', { ApiId: apiId, StageName: 'v1' });
    const event = (await (await fetch(`${endpoint}/v1/orders/1`)).json()) as Record<string, unknown>;
    expect(event).toMatchObject({ rawPath: '/v1/orders/1', requestContext: { stage: 'v1' } });
  });

  it('are described with everything they were given', async () => {
    const stage = await spec.call('apigatewayv2', 'GetStage', { ApiId: apiId, StageName: '$default' });
    expect(stage).toMatchObject({
      AutoDeploy: true,
      DeploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
      AccessLogSettings: {
        DestinationArn: expect.stringContaining('/aws/vendedlogs/apis/orders'),
        Format: expect.stringContaining('$context'),
      },
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ThrottlingBurstLimit: 100, ThrottlingRateLimit: 100 },
      Tags: {},
    });
  });

  it('refuse what is not run', async () => {
    const create = (change: object) =>
      spec.call('apigatewayv2', 'CreateIntegration', {
        ApiId: apiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: FUNCTION,
        PayloadFormatVersion: '2.0',
        ...change,
      });
    await expect(create({ IntegrationType: 'HTTP_PROXY' })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    await expect(create({ RequestParameters: { 'append:header.a': 'b' } })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await expect(create({ IntegrationUri: `${FUNCTION}:\${stageVariables.alias}` })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await expect(create({ TimeoutInMillis: 30_001 })).rejects.toMatchObject({ code: 'BadRequestException' });
    await expect(
      spec.call('apigatewayv2', 'CreateRoute', { ApiId: apiId, RouteKey: 'GET /a', AuthorizationType: 'CUSTOM' }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    await expect(
      spec.call('apigatewayv2', 'CreateRoute', { ApiId: apiId, RouteKey: 'GET /a', AuthorizerId: 'abc' }),
    ).rejects.toMatchObject({ code: 'BadRequestException' });
    await expect(spec.call('apigatewayv2', 'GetApi', { ApiId: 'unknown' })).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
    });
  });
});

/** A request with repeated headers, which fetch would join. */
function raw(method: string, url: string, headers: readonly (readonly [string, string])[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method, headers: ['host', new URL(url).host, ...headers.flat()] },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      },
    );
    request.on('error', reject);
    request.end();
  });
}
