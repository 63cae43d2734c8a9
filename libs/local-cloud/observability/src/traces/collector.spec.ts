import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { collectorRoutes } from './collector';
import type { CollectedSpan } from './otlp';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const span = (more: object = {}) => ({
  traceId,
  spanId: 'B7AD6B7169203331',
  parentSpanId: 'a'.repeat(16),
  name: 'call',
  kind: 3,
  startTimeUnixNano: '1767225600000500000',
  endTimeUnixNano: '1767225600020000000',
  ...more,
});

describe('the collector', () => {
  let server: Server;
  let at: string;
  beforeEach(async () => {
    const routes = collectorRoutes();
    server = createServer((request, response) => {
      const route = routes.find(({ prefix }) => request.url?.startsWith(prefix));
      void route?.handle(request, response, () => {
        throw new Error('nothing here is signed');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${at}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  const requestOf = (...spans: object[]) =>
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'fulfilment' } }] },
          scopeSpans: [{ scope: { name: 'x' }, spans }],
        },
      ],
    });
  const listed = async (query = ''): Promise<CollectedSpan[]> =>
    ((await (await fetch(`${at}/_local/traces${query}`)).json()) as { spans: CollectedSpan[] }).spans;

  it('takes spans by OTLP and shows them', async () => {
    const attributes = [
      { key: 'text', value: { stringValue: '<b>' } },
      { key: 'whole', value: { intValue: '7' } },
      { key: 'part', value: { doubleValue: 0.5 } },
      { key: 'yes', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [] } } },
    ];
    const links = [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }, { traceId: 'x' }];
    const answer = await post(requestOf(span({ attributes, links, status: { code: 2, message: 'no' }, unknown: 1 })));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(await listed()).toEqual([
      {
        traceId,
        spanId: 'b7ad6b7169203331',
        parentSpanId: 'a'.repeat(16),
        name: 'call',
        kind: 'client',
        service: 'fulfilment',
        startedAt: 1_767_225_600_000.5,
        endedAt: 1_767_225_600_020,
        attributes: { text: '<b>', whole: 7, part: 0.5, yes: false, list: '{"arrayValue":{"values":[]}}' },
        links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
        error: 'no',
      },
    ]);
  });

  it('finds a trace, in the order of its spans, and keeps the newest', async () => {
    await post(requestOf(span({ startTimeUnixNano: '2000000' }), span({ startTimeUnixNano: '1000000' })));
    await post(gzipSync(requestOf(span({ traceId: 'e'.repeat(32) }))), { 'content-encoding': 'gzip' });
    expect((await listed(`?trace=${traceId.toUpperCase()}`)).map(({ startedAt }) => startedAt)).toEqual([1, 2]);
    await post(requestOf(...Array.from({ length: 20_000 }, () => span({ traceId: 'f'.repeat(32) }))));
    expect([(await listed()).length, await listed(`?trace=${traceId}`)]).toEqual([20_000, []]);
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['protobuf', '', { 'content-type': 'application/x-protobuf' }, 415, 'http/json, not application/x-protobuf'],
    ['no JSON', '{', {}, 400, 'no list resourceSpans'],
    ['no spans', '{"resourceSpans":{}}', {}, 400, 'no list resourceSpans'],
    ['a trace without an id', requestOf(span({ traceId: 'x' })), {}, 400, 'spans[0].traceId'],
    ['a span without an id', requestOf(span(), span({ spanId: 1 })), {}, 400, 'spans[1].spanId'],
    ['a time that is none', requestOf(span({ endTimeUnixNano: 'now' })), {}, 400, 'spans[0].endTimeUnixNano'],
    ['what isn’t gzip', 'x', { 'content-encoding': 'gzip' }, 400, 'not gzip'],
    ['too much', 'x'.repeat(5_000_001), {}, 400, 'larger than'],
    ['a page in a browser', requestOf(span()), { origin: 'http://evil.example' }, 403, 'browsers'],
  ])('refuses %s, and says why', async (_what, body, headers, status, message) => {
    const answer = await post(body, headers);
    expect([answer.status, await answer.json()]).toEqual([status, { message: expect.stringContaining(message) }]);
    expect(await listed()).toEqual([]);
  });
});
