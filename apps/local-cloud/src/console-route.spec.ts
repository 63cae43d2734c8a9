import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSOLE_PORT_FILE, consoleRoute } from './console-route';

const servers: Server[] = [];
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

async function serve(handle: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server whose folder says that the console is at `origin`. */
function front(origin: string | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-console-'));
  folders.push(folder);
  if (origin !== undefined) writeFileSync(join(folder, CONSOLE_PORT_FILE), `${new URL(origin).port}\n`);
  const route = consoleRoute(folder);
  return serve((request, response) => {
    void route.handle(request, response, () => {
      throw new Error('nobody asks');
    });
  });
}

describe('/_console', () => {
  it('hands a request on as it came, and its answer back', async () => {
    const behind = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(202, { 'x-own': 'yes', 'content-type': 'application/json' });
        response.end(JSON.stringify({ url: request.url, method: request.method, host: request.headers.host, body }));
      });
    });
    const origin = await front(behind);
    const answer = await fetch(`${origin}/_console/api/actions?a=1`, { method: 'POST', body: '{"b":2}' });
    expect([answer.status, answer.headers.get('x-own')]).toEqual([202, 'yes']);
    expect(await answer.json()).toEqual({
      url: '/_console/api/actions?a=1',
      method: 'POST',
      host: new URL(origin).host,
      body: '{"b":2}',
    });
  });

  it('passes events on as they come, and lets go when their reader leaves', async () => {
    let left: () => void;
    const readerLeft = new Promise<void>((resolve) => (left = resolve));
    const behind = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      response.on('close', () => left());
    });
    const leaving = new AbortController();
    const answer = await fetch(`${await front(behind)}/_console/events`, { signal: leaving.signal });
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe('data: first\n\n');
    leaving.abort();
    await readerLeft;
  });

  it('says what is wrong when there is none, or it is gone', async () => {
    const none = await fetch(`${await front(undefined)}/_console/`);
    expect([none.status, await none.text()]).toEqual([404, expect.stringContaining('make up starts one')]);
    const gone = await fetch(`${await front('http://127.0.0.1:1')}/_console/`);
    expect([gone.status, await gone.text()]).toEqual([502, expect.stringContaining("doesn't answer")]);
  });
});
