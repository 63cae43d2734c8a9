import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '@outbox/testing';
import { Disturbances, type DisturbanceTools } from './disturbances';
import { Partners } from './partners';
import { Progress } from './progress';

describe('partners in chaos', () => {
  let server: Server;
  let origin: string;
  const calls: { readonly call: string; readonly body: string }[] = [];
  let status = 200;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        calls.push({ call: `${request.method} ${request.url}`, body });
        response.writeHead(status).end('{"bookings":[]}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    calls.splice(0);
    status = 200;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const disturbances = (more: Partial<DisturbanceTools>): Disturbances => {
    const progress = new Progress(1);
    progress.add();
    return new Disturbances({ random: seededRandom(7), progress, ...more } as DisturbanceTools);
  };

  it('are faulty while some orders come in, at rates that can be, and then well again', async () => {
    const run = disturbances({ partners: new Partners(origin) });
    await run.run('partners-faulty');

    expect(calls.map(({ call }) => call)).toEqual(['PUT /_faults', 'PUT /_faults']);
    const [on, off] = calls.map(({ body }) => JSON.parse(body) as Readonly<Record<string, Record<string, number>>>);
    for (const partner of ['carrier', 'mail']) {
      const rates = on?.[partner] ?? {};
      expect(Object.keys(rates)).toEqual(['throttle', 'server-error', 'slow', 'lost-answer']);
      expect(Object.values(rates).reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(1);
    }
    expect(off).toEqual({});
    expect(run.counts()).toEqual({ 'partners-faulty': 1 });
  });

  it('are passed over where there are none', async () => {
    const run = disturbances({});
    await run.run('partners-faulty');

    expect([calls, run.counts()]).toEqual([[], { 'partners-faulty': 0 }]);
  });

  it('tell what they did since a time, and their refusals are told', async () => {
    const partners = new Partners(origin);
    expect(await partners.log('2026-01-01T00:00:00.000Z')).toEqual({ bookings: [] });
    expect(calls).toMatchObject([{ call: 'GET /_log?since=2026-01-01T00%3A00%3A00.000Z' }]);

    status = 400;
    await expect(partners.stopFaults()).rejects.toThrow('PUT /_faults of the partners returned 400: {"bookings":[]}');
  });
});
