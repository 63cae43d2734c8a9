import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf, RetryLaterError } from './failure';
import { callHttp, HttpCallError } from './http-call';

let server: Server;
let url: string;
let reply: (request: IncomingMessage, body: string, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => reply(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bookings`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=1' };
const context = { key: 'key-1', signal: new AbortController().signal, trace };

describe('callHttp', () => {
  it('sends JSON under the key, as a part of the trace, and returns what was accepted', async () => {
    let got: unknown;
    reply = ({ method, headers }, body, response) => {
      const { traceparent, tracestate } = headers;
      got = { method, key: headers['idempotency-key'], type: headers['content-type'], body, traceparent, tracestate };
      response.writeHead(201).end('{"bookingId":"b-1"}');
    };
    expect(await callHttp(context, { url, body: { a: 1 }, accept: [200, 201] })).toEqual({
      status: 201,
      body: { bookingId: 'b-1' },
    });
    expect(got).toEqual({ method: 'POST', key: 'key-1', type: 'application/json', body: '{"a":1}', ...trace });
  });

  it('says what a partner returned that it can’t accept', async () => {
    reply = (_request, _body, response) => response.writeHead(500).end('oops');
    await expect(callHttp(context, { url, method: 'GET', accept: [200] })).rejects.toThrow(
      new HttpCallError(500, 'GET /bookings returned 500: oops'),
    );
  });

  it.each([
    ['7', 7],
    ['0', 1],
    ['999999', 3_600],
  ])('comes back when the partner says so: %s', async (header, seconds) => {
    reply = (_request, _body, response) => response.writeHead(429, { 'retry-after': header }).end();
    const failure: unknown = await callHttp(context, { url, accept: [201] }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RetryLaterError);
    expect(failure).toMatchObject({ seconds });
  });

  it('names the cause when there is no connection', async () => {
    const failure: unknown = await callHttp(context, { url: 'http://127.0.0.1:1/', accept: [200] }).catch(
      (error: unknown) => error,
    );
    expect(failureOf(failure).error).toMatch(/^TypeError: fetch failed: .*\S/);
  });
});
