import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSpans } from './spans';

describe('loadSpans', () => {
  let server: Server;
  let reply: (url: string) => string;
  beforeEach(async () => {
    server = createServer((request, response) => response.end(reply(request.url ?? '')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const span = (attributes: object) => ({ name: 'call', service: 'labels', startedAt: 1, endedAt: 2, attributes });

  it('has what was told of the events of each trace, and leaves out what is about none', async () => {
    const asked: string[] = [];
    reply = (url) => {
      asked.push(url);
      const about = { 'outbox.event.id': 'e-1', 'outbox.attempt': 2 };
      return JSON.stringify({ spans: url.endsWith('=t-1') ? [span(about), span({})] : [] });
    };
    expect(await loadSpans(origin(), new Set(['t-1', 't-2']))).toEqual([
      { name: 'call', service: 'labels', eventId: 'e-1', from: 1, to: 2, attempt: 2 },
    ]);
    expect(asked).toEqual(['/_local/traces?trace=t-1', '/_local/traces?trace=t-2']);
  });

  it('has nothing where it gets no answer, or one that says nothing', async () => {
    reply = () => '{"message":"No such path"}';
    expect(await loadSpans(origin(), new Set(['t-1']))).toEqual([]);
    expect(await loadSpans('http://127.0.0.1:1', new Set(['t-1']))).toEqual([]);
  });
});
