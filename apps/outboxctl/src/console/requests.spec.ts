import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send, type StoredRequest } from './requests';

describe('requests that a page has sent', () => {
  const at: number[] = [];
  let server: Server;
  let request: StoredRequest;
  const never = new AbortController().signal;

  beforeAll(async () => {
    server = createServer((_, response) => {
      at.push(performance.now());
      response.end('{"id":1}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/parcels`;
    request = { group: 'g', title: 't', method: 'POST', url, headers: {}, repeatable: true };
  });
  beforeEach(() => at.splice(0));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('are sent as often as asked, and counted by their status', async () => {
    expect(await send(request, { count: 20 }, never)).toEqual({ statuses: { 200: 20 }, body: { id: 1 } });
    expect(at).toHaveLength(20);
  });

  it('keep a steady rate', async () => {
    const startedAt = performance.now();
    await send(request, { count: 21, perSecond: 50 }, never);
    // The last is due after 400 ms; timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(390);
    expect(at).toHaveLength(21);
  });

  it('end when the console does', async () => {
    const stop = new AbortController();
    const sent = send(request, { count: 100, perSecond: 1 }, stop.signal);
    stop.abort();
    const { statuses } = await sent;
    expect(statuses['200'] ?? 0).toBeLessThan(3);
  });

  it('are sent once where a request is not to be repeated', async () => {
    await send({ ...request, repeatable: false }, { count: 20 }, never);
    expect(at).toHaveLength(1);
  });
});
