import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Books, type Clock, type Ids } from './books';
import { carrierRoutes } from './carrier';
import { controlRoutes } from './control';
import { chooseFault, type Fault } from './fault-settings';
import { BadRequestError } from './fields';
import { mailRoutes } from './mail';
import { findRoute, type Answer, type Call, type Route } from './route';

export interface PartnersOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Made if it is not there; holds the journal. */
  readonly directory: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Waits milliseconds, for a request that is slow on purpose; rejects when aborted. Real time unless given. */
  readonly wait?: Wait;
}

type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The partners at work. */
export interface Partners {
  readonly origin: string;
  /** Ends all connections; what is not done yet never will be. */
  stop(): Promise<void>;
}

/** The port can't be listened on. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/** Nobody gets an answer: the connection is cut. */
const LOST = Symbol('lost');

const MAX_BODY_BYTES = 262_144;

/**
 * Starts carrier and mail provider on 127.0.0.1 with what their journal remembers.
 * @throws PortError when the port can't be had
 * @throws JournalError when the journal can't be read
 */
export async function startPartners({
  port,
  directory,
  clock,
  ids,
  wait = inRealTime,
}: PartnersOptions): Promise<Partners> {
  const books = new Books(join(directory, 'journal.jsonl'), clock, ids);
  const routes = [...carrierRoutes(books), ...mailRoutes(books), ...controlRoutes(books)];
  const stopping = new AbortController();
  const server = createServer((request, response) => void respond(request, response, (call) => answer(call)));
  const answer = async (call: Call): Promise<Answer | typeof LOST> => {
    const route = findRoute(routes, call);
    return 'status' in route ? route : run(route, call, books, (ms) => wait(ms, stopping.signal));
  };
  try {
    await listen(server, port);
  } catch (error) {
    books.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      books.close();
    },
  };
}

function inRealTime(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal });
}

/** Runs a route, and what goes wrong with it on purpose. */
async function run(
  route: Route,
  call: Call,
  books: Books,
  wait: (ms: number) => Promise<void>,
): Promise<Answer | typeof LOST> {
  const key = route.key(call);
  const fault = strike(route, key, books);
  const { settings } = books.records;
  switch (fault) {
    case 'throttle':
      return {
        status: 429,
        headers: { 'retry-after': String(settings.retryAfterSeconds) },
        body: { error: { message: 'too many requests' } },
      };
    case 'server-error':
      return { status: 500, body: { error: { message: 'something broke' } } };
    case 'slow':
      await wait(settings.slowMs);
      return route.run(call, key);
    case 'lost-answer':
      route.run(call, key);
      return LOST;
    case undefined:
      return route.run(call, key);
  }
}

function strike({ faulty }: Route, key: string, books: Books): Fault | undefined {
  if (faulty === undefined) return undefined;
  const { partner, operation } = faulty;
  const attempt = books.records.attempts(partner, operation, key) + 1;
  const fault = chooseFault(books.records.settings, { partner, operation, key, attempt });
  books.add({ type: 'requested', partner, operation, key, fault });
  return fault;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answerTo: (call: Call) => Promise<Answer | typeof LOST>,
): Promise<void> {
  try {
    const body = await readBody(request);
    const answer = body === undefined ? tooLarge : await answerTo(callOf(request, body));
    if (answer === LOST) request.socket.destroy();
    else send(response, answer);
  } catch (error) {
    // The caller is gone, or this process stops.
    if (request.socket.destroyed) return;
    if (error instanceof BadRequestError) {
      send(response, { status: 400, body: { error: { field: error.field, message: error.message } } });
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      send(response, { status: 500, body: { error: { message: 'a defect of the partners, see their log' } } });
    }
  }
}

const tooLarge: Answer = {
  status: 413,
  body: { error: { field: 'body', message: `body must have at most ${MAX_BODY_BYTES} bytes` } },
};

function callOf(request: IncomingMessage, body: string): Call {
  const url = URL.parse(`http://127.0.0.1${request.url}`);
  if (url === null) throw new BadRequestError('path', 'must be a path and a query');
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  return { method: request.method ?? '', path: url.pathname, query: url.searchParams, header, body };
}

/** The body as text; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `can't be had: ${cause.message}`;
      reject(new PortError(`port ${port} ${reason}; choose another with --port (make: PARTNERS_PORT)`, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
