import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AwsError, type EngineLog, type HttpRoute } from '@outbox/local-cloud-kernel';
import type { Api } from './api';
import { parseAuthorization } from './authorization';
import { readBody } from './body';
import type { WireAnswer, WireRequest } from './protocol';
import { restJson } from './rest-json';
import { maxBytes } from './route';

/** What the server hands requests to. It is set once the engine stands; until then AWS calls get 503. */
export interface Handlers {
  readonly api?: Api;
  readonly routes: readonly HttpRoute[];
}

/** Loopback only: the engine's keys are no secrets. */
const HOST = '127.0.0.1';

/** How long a client may take to send a request; answers may take as long as they like (long polls). */
const REQUEST_TIMEOUT_MS = 60_000;

/** How long requests under way get to end when the server closes. */
const CLOSE_GRACE_MS = 3_000;

/**
 * The engine's one HTTP port: paths under `/_…` go to the engine's routes unless they are signed for S3, everything else is
 * an AWS API call.
 */
export class WireServer {
  readonly #server: Server;
  /** Of the calls that are not answered yet: aborted when their client goes away, or the server closes. */
  readonly #underWay = new Set<AbortController>();
  #isClosing = false;
  #handlers: Handlers = { routes: [] };

  constructor(private readonly log: EngineLog) {
    this.#server = createServer({
      // Clients keep idle connections for up to 90 s (Go); one closed under them costs a failed call.
      keepAliveTimeout: 0,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: 64 * 1024,
    });
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseBytes(error, socket));
  }

  /** Binds the port (0 for any free one) and answers the one bound. Rejects with Node's error, e.g. `EADDRINUSE`. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, HOST, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  use(handlers: Handlers): void {
    this.#handlers = handlers;
  }

  /** Takes no new requests, wakes those that wait, and resolves when the last one ended. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#isClosing = true;
    for (const call of this.#underWay) call.abort();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(timer);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', (error) => this.log('debug', 'a client went away', { error: error.message }));
    try {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const route = this.#handlers.routes.find(({ prefix }) => path.startsWith(prefix));
      if (route && !isForS3(request))
        await route.handle(request, response, (signed, name) => this.#api().authenticate(signed, name));
      else await this.#answerAws(request, response);
    } catch (error) {
      this.#giveUp(request, response, error);
    }
  }

  async #answerAws(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // One of its own: AbortSignal.any keeps something of each call for as long as the signal of a server lives.
    const call = new AbortController();
    if (this.#isClosing) call.abort();
    this.#underWay.add(call);
    response.once('close', () => {
      this.#underWay.delete(call);
      if (!response.writableFinished) call.abort();
    });
    const wire = toWireRequest(request);
    const authorization = parseAuthorization(wire);
    const limit = maxBytes('reason' in authorization ? undefined : authorization.service);
    const body = await readBody(request, limit);
    const answer = await this.#api().answer({ ...wire, body }, call.signal);
    send(response, answer, this.#isClosing);
  }

  #api(): Api {
    const { api } = this.#handlers;
    if (api) return api;
    throw new AwsError('ServiceUnavailable', 'The local cloud is starting.', { status: 503 });
  }

  #giveUp(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof AwsError && !response.headersSent) {
      send(response, failed(toWireRequest(request), error), true);
      request.resume();
      return;
    }
    if (request.complete) {
      this.log('error', 'a request failed inside the local cloud', {
        url: request.url,
        error: error instanceof Error ? error.stack : String(error),
      });
    }
    response.destroy();
  }
}

/** Signed for S3, where a path may be any key: of a bucket that the host names it begins with the key. */
function isForS3(request: IncomingMessage): boolean {
  const authorization = parseAuthorization(toWireRequest(request));
  return 'service' in authorization && authorization.service === 's3';
}

function toWireRequest(request: IncomingMessage): WireRequest {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
  }
  return { method: request.method ?? 'GET', path, queryString: query.join('?'), headers, body: Buffer.alloc(0) };
}

function failed(request: WireRequest, error: AwsError): WireAnswer {
  return restJson(request, {}).fail(undefined, error, '');
}

function send(response: ServerResponse, answer: WireAnswer, last: boolean): void {
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, {
    ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': length }),
    // The answer to a HEAD says how long the body would be that it doesn't have.
    ...answer.headers,
    ...(last ? { connection: 'close' } : {}),
  });
  response.end(answer.body);
}

/** Bytes that are no HTTP, headers over the limit, a request that never ends. */
function refuseBytes(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify({ message: STATUS_CODES[status] });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}
