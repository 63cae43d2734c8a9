import type { ApiRecord, StageRecord } from '../model';
import { toEvent, type ApiRequest } from './request-event';

const api: ApiRecord = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'abc',
  name: 'api',
  description: undefined,
  version: undefined,
  disabled: false,
  ipAddressType: 'ipv4',
  tags: {},
  createdAt: 0,
  routes: {},
  integrations: {},
  stages: {},
  deployments: {},
};
const stage: StageRecord = {
  name: '$default',
  description: undefined,
  autoDeploy: true,
  deploymentId: undefined,
  deploymentMessage: undefined,
  accessLog: undefined,
  defaultRouteSettings: { detailedMetrics: false, burstLimit: undefined, rateLimit: undefined },
  routeSettings: {},
  variables: {},
  tags: {},
  createdAt: 0,
  updatedAt: 0,
};
const match = {
  route: { routeId: 'r', routeKey: 'POST /', integrationId: 'i', operationName: undefined },
  pathParameters: undefined,
};

function event(change: Partial<ApiRequest>): Record<string, unknown> {
  const request: ApiRequest = {
    requestId: 'id=',
    method: 'POST',
    url: '/_api/abc/',
    rawPath: '/',
    rawQueryString: '',
    headers: { host: 'api' },
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    port: 4566,
    protocol: 'HTTP/1.1',
    traceRoot: '1-00000000-000000000000000000000001',
    receivedAt: 0,
    ...change,
  };
  return toEvent(api, stage, match, request);
}

describe('the body of an event', () => {
  it.each([
    'text/plain',
    'text/x-own; a=b',
    'text/plain; charset=UTF-8',
    'application/json',
    'Application/JSON; charset="utf-8"',
    'application/xml',
    'application/javascript',
  ])('is text as %s', (type) => {
    expect(event({ headers: { 'content-type': type }, body: Buffer.from('{"ü":1}') })).toMatchObject({
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
  });

  it.each([
    [undefined],
    ['application/problem+json'],
    ['application/vnd.api+json'],
    ['application/cloudevents+json'],
    ['application/jsonl'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['text/plain; charset=iso-8859-1'],
    ['text'],
    ['text/'],
    ['weird/json'],
  ])('is base64 as %s', (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    expect(event({ headers, body: Buffer.from('{}') })).toMatchObject({ body: 'e30=', isBase64Encoded: true });
  });

  it('is base64 where text would lose something of it', () => {
    const headers = { 'content-type': 'application/json' };
    expect(event({ headers, body: Buffer.from([0xff]) })).toMatchObject({ body: '/w==', isBase64Encoded: true });
    const compressed = { ...headers, 'content-encoding': 'gzip' };
    expect(event({ headers: compressed, body: Buffer.from('{}') })).toMatchObject({ isBase64Encoded: true });
  });

  it('is left out when there is none', () => {
    const bare = event({ headers: { 'content-type': 'application/octet-stream' } });
    expect(bare).toMatchObject({ isBase64Encoded: false });
    expect(bare).not.toHaveProperty('body');
  });
});

describe('the headers of an event', () => {
  it('are the client’s and API Gateway’s own', () => {
    expect(event({ headers: { host: 'api', accept: '*/*' }, body: Buffer.from('{}') })['headers']).toEqual({
      host: 'api',
      accept: '*/*',
      'content-length': '2',
      'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000001',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '4566',
      'x-forwarded-proto': 'http',
    });
  });

  it('keep of what a client says was forwarded the addresses alone', () => {
    const headers = { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-port': '444', 'x-forwarded-proto': 'gopher' };
    expect(event({ headers })['headers']).toMatchObject({
      'x-forwarded-for': '9.9.9.9, 127.0.0.1',
      'x-forwarded-port': '4566',
      'x-forwarded-proto': 'http',
    });
  });

  it('go on with a client’s trace', () => {
    const trace = 'Parent=53995c3f42cd8ad8;Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    for (const sent of [trace, `Self=1-5759e988-000000000000000000000002; ${trace}`]) {
      expect(event({ headers: { 'x-amzn-trace-id': sent } })['headers']).toMatchObject({
        'x-amzn-trace-id': `Self=1-00000000-000000000000000000000001;${trace}`,
      });
    }
    expect(event({ headers: { 'x-amzn-trace-id': 'nonsense' } })['headers']).toMatchObject({
      'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000001',
    });
  });

  it('have neither those of the connection nor cookies, which are beside them', () => {
    const sent = {
      connection: 'close',
      te: 'trailers',
      trailer: 'x',
      'proxy-connection': 'a',
      cookie: 'a=1;b=2;  c=3',
    };
    const { headers, cookies } = event({ headers: sent });
    expect(Object.keys(headers as object)).toEqual([
      'content-length',
      'x-amzn-trace-id',
      'x-forwarded-for',
      'x-forwarded-port',
      'x-forwarded-proto',
    ]);
    expect(cookies).toEqual(['a=1', 'b=2', 'c=3']);
  });
});

describe('the query of an event', () => {
  it.each([
    ['a=1&a=2', { a: '1,2' }],
    ['plus=a+b&encoded=a%2Bb', { plus: 'a b', encoded: 'a+b' }],
    ['empty=&bare', { empty: '', bare: '' }],
    ['url=https%3A%2F%2Fexample.com%2Fa', { url: 'https://example.com/a' }],
    ['__proto__=x', Object.fromEntries([['__proto__', 'x']])],
    ['', undefined],
  ])('%s', (rawQueryString, parameters) => {
    const { queryStringParameters, rawQueryString: raw } = event({ rawQueryString });
    expect([raw, queryStringParameters]).toEqual([rawQueryString, parameters]);
  });
});
