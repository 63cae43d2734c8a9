import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createFakeClock, freePort, recordingTelemetry } from '@outbox/testing';
import { createTracer } from './create-tracer';
import { EXPORT_MS } from './otlp-exporter';
import { createOtlpTracer } from './otlp-tracer';
import { recordSpan, type Tracer } from './tracer';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'a=1' };

describe('a tracer for OTLP', () => {
  it('sends the spans of an invocation at once, in OTLP’s JSON', async () => {
    const { tracer, sent, clock } = lab();
    const link = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
    const span = tracer.start({
      name: 'call',
      kind: 'client',
      parent,
      links: [{ traceparent: link }, { traceparent: 'none' }, {}],
      attributes: { word: 'w', count: 2, yes: true },
    });
    expect(span.context).toEqual({ traceparent: `00-${traceId}-${'0'.repeat(15)}1-01`, tracestate: 'a=1' });
    clock.advance(30);
    span.set({ word: 'x' });
    span.fail(new TypeError('no way'));
    span.end();
    recordSpan(tracer, { name: 'past', parent: span.context, startedAt: 5 }, 7);
    expect(sent).toEqual([]);
    await tracer.flush();
    await tracer.flush();
    expect(sent).toEqual([
      {
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'spec' } }] },
            scopeSpans: [
              {
                scope: { name: 'outbox' },
                spans: [
                  {
                    traceId,
                    spanId: '0000000000000001',
                    parentSpanId: 'b7ad6b7169203331',
                    name: 'call',
                    kind: 3,
                    startTimeUnixNano: '1000000000',
                    endTimeUnixNano: '1030000000',
                    attributes: [
                      { key: 'word', value: { stringValue: 'x' } },
                      { key: 'count', value: { intValue: '2' } },
                      { key: 'yes', value: { boolValue: true } },
                    ],
                    links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
                    status: { code: 2, message: 'TypeError: no way' },
                  },
                  expect.objectContaining({ parentSpanId: '0000000000000001', kind: 1, startTimeUnixNano: '5000000' }),
                ],
              },
            ],
          },
        ],
      },
    ]);
  });

  it('records of traces that others started what they sample, and passes the rest on', async () => {
    const { tracer, sent } = lab();
    const unsampled = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
    const span = tracer.start({ name: 'x', parent: unsampled });
    span.end();
    await tracer.flush();
    expect([span.context, sent]).toEqual([unsampled, []]);
  });

  it.each([
    [0, 0],
    [100, 40],
  ])('records %i percent of the traces that start here', async (samplePercent, expected) => {
    const { tracer, spans } = lab({ samplePercent });
    const started = Array.from({ length: 40 }, () => tracer.start({ name: 'root' }));
    for (const span of started) span.end();
    expect(await spans()).toHaveLength(expected);
    const flags = new Set(started.map(({ context: { traceparent = '' } }) => traceparent.slice(-2)));
    expect(flags).toEqual(new Set([expected === 0 ? '00' : '01']));
    // Whoever gets a context that isn't sampled records nothing of it either.
    expect(new Set(started.map(({ context }) => context.traceparent)).size).toBe(40);
  });

  it('keeps a request within what a collector takes: times of less than a day, and not without end', async () => {
    const { tracer, spans } = lab();
    recordSpan(tracer, { name: 'relay', parent, startedAt: 0 }, 3 * 86_400_000);
    for (let count = 0; count < 3_000; count += 1) tracer.start({ name: 'x', parent }).end();
    const kept = await spans();
    expect(kept).toHaveLength(2_000);
    expect(kept[0]).toMatchObject({ startTimeUnixNano: `${3 * 86_400_000 - 23 * 3_600_000}000000` });
  });

  it('records nothing of times that make no sense', async () => {
    const { tracer, spans } = lab();
    recordSpan(tracer, { name: 'relay', parent, startedAt: Number.NaN }, 5);
    recordSpan(tracer, { name: 'relay', parent, startedAt: 5 }, Number.NaN);
    recordSpan(tracer, { name: 'relay', parent, startedAt: 5 }, 4);
    expect(await spans()).toEqual([]);
  });
});

describe('a collector', () => {
  let server: Server;
  let reply: (request: IncomingMessage, response: ServerResponse) => void;
  let got: { headers: IncomingHttpHeaders; body: string }[];
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    got = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        reply(request, response);
      });
    });
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;

  it('gets what the environment says', async () => {
    reply = (_request, response) => response.end('{}');
    const { logged, logger } = recordingTelemetry();
    const tracer = createTracer(
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint(), POWERTOOLS_SERVICE_NAME: 'parcels' },
      logger,
    );
    await exportOne(tracer);
    expect(got).toEqual([
      {
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
        body: expect.stringContaining('parcels'),
      },
    ]);
    expect([got[0]?.headers.authorization, logged]).toEqual([undefined, []]);
  });

  it.each<[string, () => Promise<string> | string, string]>([
    ['that refuses', () => endpoint(), 'the collector returned 500: oh no'],
    ['that hangs', () => endpoint(), 'The operation was aborted due to timeout'],
    ['that isn’t there', async () => `http://127.0.0.1:${await freePort()}/v1/traces`, 'fetch failed'],
  ])('%s costs a moment, a line, and then nothing for a while', async (which, where, message) => {
    reply = (_request, response) => {
      if (which === 'that refuses') response.writeHead(500).end('oh no');
    };
    const { logged, logger } = recordingTelemetry();
    const tracer = createTracer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: await where() }, logger);
    const startedAt = performance.now();
    await exportOne(tracer);
    expect(performance.now() - startedAt).toBeLessThan(EXPORT_MS + 400);
    expect(logged).toMatchObject([
      { level: 'warn', message: 'spans were not exported', fields: { error: { message } } },
    ]);
    const before = got.length;
    await exportOne(tracer);
    expect([got.length, logged.length]).toEqual([before, 1]);
  });

  it('whose connection died while the environment was frozen is asked once more', async () => {
    reply = (request, response) => (got.length === 1 ? request.socket.destroy() : response.end('{}'));
    const { logged, logger } = recordingTelemetry();
    await exportOne(createTracer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint() }, logger));
    expect([got.length, logged]).toEqual([2, []]);
  });

  it('is X-Ray’s by its address: requests are signed for its region', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}'));
    const { logger } = recordingTelemetry();
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 'token' };
    const address = 'https://xray.eu-central-1.amazonaws.com/v1/traces';
    await exportOne(createTracer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address, ...credentials }, logger));
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-central-1\/xray\/aws4_request, /,
      ),
    });
    fetched.mockRestore();
  });
});

async function exportOne(tracer: Tracer): Promise<void> {
  tracer.start({ name: 'x' }).end();
  await tracer.flush();
}

function lab({ samplePercent = 100 } = {}) {
  const clock = createFakeClock(1_000);
  const sent: object[] = [];
  let ids = 0;
  const tracer = createOtlpTracer({
    service: 'spec',
    samplePercent,
    clock,
    exportSpans: (body) => Promise.resolve(void sent.push(body)),
    random: (bytes) => {
      const id = Buffer.alloc(bytes);
      if (bytes > 4) id.writeUInt32BE((ids += 1), bytes - 4);
      return id;
    },
  });
  const spans = async () => {
    await tracer.flush();
    const bodies = sent as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] }[];
    return bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );
  };
  return { tracer, sent, spans, clock };
}
