import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Service, ServiceName } from '@outbox/local-cloud-kernel';
import { SERVICE_MODELS, serviceModel } from './catalogue';
import type { ServiceModel } from './model';
import type { WireRequest } from './protocol';
import { authorizationHeader } from './signature';
import { ACCOUNT, startSpecServer, type SpecServer } from './testing/spec-server';

/** Every operation of every service, each answering nothing: whatever gets through to a handler was decoded. */
const SERVICES = [...SERVICE_MODELS.values()].map((model) => ({
  name: model.name,
  operations: Object.fromEntries(
    [...model.operations.keys()].map((name) => [name, { requires: () => [], handle: () => ({}) }]),
  ),
})) as unknown as Service<ServiceName>[];

// Each property is hundreds of requests over a real socket.
jest.setTimeout(60_000);

describe('whatever is sent', () => {
  let server: SpecServer;

  beforeAll(async () => {
    server = await startSpecServer(SERVICES);
  });

  afterAll(() => server.close());

  afterEach(() => {
    expect(server.defects.splice(0)).toEqual([]);
  });

  const send = async (service: ServiceName, given: Partial<WireRequest>): Promise<Response> => {
    const url = new URL(`${server.endpoint}${given.path ?? '/'}${given.queryString ? `?${given.queryString}` : ''}`);
    const timestamp = new Date(server.clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const request: WireRequest = {
      method: given.method ?? 'POST',
      path: url.pathname,
      queryString: url.search.slice(1),
      body: given.body ?? Buffer.alloc(0),
      headers: { ...given.headers, host: url.host, 'x-amz-date': timestamp },
    };
    const scope = {
      date: timestamp.slice(0, 8),
      region: 'us-east-1',
      service: serviceModel(service).facts.signingName,
      signedHeaders: ['host', 'x-amz-date'],
      timestamp,
    };
    const { host: _host, ...headers } = request.headers;
    return fetch(url, {
      method: request.method,
      headers: { ...headers, authorization: authorizationHeader(request, ACCOUNT, 'local', scope) },
      ...(request.method === 'GET' ? {} : { body: new Uint8Array(request.body) }),
      signal: AbortSignal.timeout(30_000),
    });
  };

  const operations = (keep: (model: ServiceModel) => boolean) =>
    fc.constantFrom(
      ...[...SERVICE_MODELS.values()]
        .filter(keep)
        .flatMap((model) => [...model.operations.keys()].map((operation) => ({ service: model.name, operation }))),
    );

  /** JSON that is now and then close to what an operation takes: its member names with values of any kind. */
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom('[]', 'null', '"', '{', `${'['.repeat(5_000)}`, `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`)
      .map((text) => Buffer.from(text)),
  );

  const shaped = (names: readonly string[]) =>
    fc
      .dictionary(
        fc.oneof(fc.constantFrom('__proto__', 'constructor', ...names), fc.string()),
        fc.jsonValue({ maxDepth: 3 }),
      )
      .map((value) => Buffer.from(JSON.stringify(value)));

  const answered = async (response: Response): Promise<void> => {
    const text = await response.text();
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    if (response.status >= 400) expect(text.length).toBeGreaterThan(2);
  };

  it('to a JSON service gets an answer that is no server error', async () => {
    const calls = operations(({ facts }) => facts.targetPrefix !== undefined).chain((call) =>
      fc.tuple(fc.constant(call), fc.oneof(bodies, shaped(memberNames(call)))),
    );
    await fc.assert(
      fc.asyncProperty(calls, async ([{ service, operation }, body]) => {
        const target = `${serviceModel(service).facts.targetPrefix}.${operation}`;
        await answered(await send(service, { body, headers: { 'x-amz-target': target } }));
      }),
      { numRuns: 200 },
    );
  });

  it('to a Query service gets an answer that is no server error', async () => {
    const field = fc.tuple(
      fc.array(
        fc.oneof(
          fc.constantFrom('member', 'entry', '1', '2', 'Tags', 'Key', 'Attribute', 'RoleName', '__proto__'),
          fc.string(),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      fc.string(),
    );
    const calls = fc.tuple(
      operations(({ facts }) => facts.query !== undefined),
      fc.array(field, { maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(calls, async ([{ service, operation }, fields]) => {
        const form = new URLSearchParams([
          ['Action', operation],
          ...fields.map(([path, value]): [string, string] => [path.join('.'), value]),
        ]);
        const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
        await answered(await send(service, { body: Buffer.from(form.toString()), headers }));
      }),
      { numRuns: 200 },
    );
  });

  it('to a rest-json service gets an answer that is no server error', async () => {
    const rest = fc.constantFrom<ServiceName>('lambda', 'pipes', 'scheduler', 'apigatewayv2');
    const segment = fc.oneof(
      fc.constantFrom('2015-03-31', 'functions', 'v1', 'pipes', 'schedules', 'v2', 'apis', '%24default', '%', '%zz'),
      fc.webSegment(),
    );
    const calls = fc.tuple(
      rest,
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      fc.array(segment, { maxLength: 6 }),
      fc.webQueryParameters(),
      bodies,
    );
    await fc.assert(
      fc.asyncProperty(calls, async ([service, method, segments, queryString, body]) => {
        await answered(await send(service, { method, path: `/${segments.join('/')}`, queryString, body }));
      }),
      { numRuns: 200 },
    );
  });

  it('as CBOR gets an answer that is no server error', async () => {
    // The SDK's CBOR reader warns of integers beyond 2^53, which random bytes are full of.
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (body) => {
        const path = '/service/GraniteServiceVersion20100801/operation/DescribeAlarms';
        const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };
        await answered(await send('cloudwatch', { path, body: Buffer.from(body), headers }));
      }),
      { numRuns: 200 },
    );
    warn.mockRestore();
  });

  it('compressed is unpacked, within limits', async () => {
    const headers = { 'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms', 'content-encoding': 'gzip' };
    expect((await send('cloudwatch', { headers, body: gzipSync('{}') })).status).toBe(200);
    expect((await send('cloudwatch', { headers, body: Buffer.from('{}') })).status).toBe(400);
    expect((await send('cloudwatch', { headers, body: gzipSync(Buffer.alloc(50 * 1024 * 1024)) })).status).toBe(400);
    expect(
      (await send('cloudwatch', { headers: { ...headers, 'content-encoding': 'br' }, body: Buffer.from('{}') })).status,
    ).toBe(400);
  });

  it('larger than a service takes is refused with 413', async () => {
    const response = await send('kms', {
      headers: { 'x-amz-target': 'TrentService.DescribeKey' },
      body: Buffer.alloc(2 * 1024 * 1024),
    });
    expect(response.status).toBe(413);
  });

  it('without a length is refused with 413 as soon as it is too large', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await raw(
      `POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(40)}`,
      false,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('unsigned, or to nobody, is refused', async () => {
    expect((await fetch(server.endpoint)).status).toBe(403);
    expect(
      (await fetch(server.endpoint, { method: 'POST', headers: { 'x-amz-target': 'Nobody.Nothing' } })).status,
    ).toBe(400);
    expect((await send('kms', { headers: { 'x-amz-target': 'TrentService.Nothing' } })).status).toBe(400);
    expect((await send('iam', { method: 'GET', queryString: 'Action=Nothing&Version=2010-05-08' })).status).toBe(400);
    expect((await send('lambda', { method: 'GET', path: '/nothing' })).status).toBe(404);
  });

  /** What raw bytes on the port are answered with until the server closes the connection. */
  const raw = (bytes: string | Buffer, end: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1', () =>
        end ? socket.end(bytes) : socket.write(bytes),
      );
      let received = '';
      socket.setTimeout(20_000, () => reject(new Error('no answer in time')));
      socket.on('data', (chunk) => (received += chunk.toString('latin1')));
      socket.on('error', reject);
      socket.on('close', () => resolve(received));
    });

  it('that is no HTTP, or has endless headers, is answered and the connection closed', async () => {
    expect(await raw('\u0000\u0001garbage\r\n\r\n', false)).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, false)).toMatch(
      /^HTTP\/1.1 431 /,
    );
  });

  it('and breaks off in the middle does no harm', async () => {
    await raw('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"a":', true);
    expect((await fetch(server.endpoint)).status).toBe(403);
  });
});

function memberNames({ service, operation }: { service: ServiceName; operation: string }): string[] {
  const model = serviceModel(service).operations.get(operation);
  return model ? [...model.input.structIterator()].map(([name]) => name) : [];
}
