import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIds, createTracer } from '@outbox/function-kit';
import { createMemoryOutbox } from '@outbox/outbox-testing';
import { createFakeClock, freePort, recordingTelemetry } from '@outbox/testing';
import { createHandler } from './handler';
import { context, event } from './testing/requests';

const order = { customerId: 'c-1', currency: 'EUR', items: [{ sku: 'sku-1', quantity: 2, unitPrice: '19.9' }] };

/** Half a second for the collector, and time for a busy machine. */
const SHORT_MS = 2_000;

describe('a collector of traces', () => {
  let server: Server;
  let reply: (response: ServerResponse) => void;
  beforeEach(async () => {
    server = createServer((request, response) => request.resume().on('end', () => reply(response)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const here = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;

  it.each<[string, () => string | Promise<string>, (response: ServerResponse) => void]>([
    ['fails', here, (response) => response.writeHead(500).end()],
    ['hangs', here, () => undefined],
    ['cuts every connection', here, (response) => response.destroy()],
    ['isn’t there', async () => `http://127.0.0.1:${await freePort()}/v1/traces`, () => undefined],
  ])('that %s keeps nobody from placing orders', async (_how, where, replying) => {
    reply = replying;
    const { place, outbox, logged } = setUp(await where());
    const startedAt = performance.now();
    const statuses = [await place(), await place(), await place()];
    expect(performance.now() - startedAt).toBeLessThan(SHORT_MS);
    expect([statuses, outbox.events().length]).toEqual([[201, 201, 201], 3]);
    expect(logged.map(({ message }) => message)).toEqual(['spans were not exported']);
  });
});

function setUp(endpoint: string) {
  const telemetry = recordingTelemetry();
  const tracer = createTracer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, telemetry.logger);
  const outbox = createMemoryOutbox({ tables: { orders: ['orderId'] }, tracer });
  const clock = createFakeClock();
  const handler = createHandler({
    orders: { dynamodb: outbox.memory.client, tableName: 'orders' },
    outbox,
    clock,
    ids: createIds(clock),
    ...telemetry,
    tracer,
  });
  const place = async () => (await handler(event('POST', '/orders', JSON.stringify(order)), context)).statusCode;
  return { place, outbox, logged: telemetry.logged };
}
