import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError, EXIT, explain, reasonOf, type Environment } from '@outbox/cli-kit';
import { isSame, judgeAccess, type AccessRules, type Need } from './access';
import type { Api } from './api';
import { HEADERS, type Asset } from './pages';
import type { EventStream } from './stream';

/** Where the console lives, on every origin. */
export const BASE = '/_console/';

/** The port can't be had. Exit code 1. */
export class PortTakenError extends CliError {
  override readonly name = 'PortTakenError';
  readonly exitCode = EXIT.failed;
}

export interface ServerParts {
  readonly page: ReadonlyMap<string, Asset>;
  readonly api: Api;
  readonly stream: EventStream;
  /** Given the port that is bound. */
  readonly rules: (port: number) => AccessRules;
  /** Opens a session once; undefined: no login. */
  readonly key?: string;
  readonly environment: Environment;
}

const MAX_BODY_BYTES = 65_536;
const STATUS: Readonly<Record<number, number>> = { [EXIT.usage]: 400, [EXIT.unreachable]: 502, [EXIT.notFound]: 404 };

/** Listens on loopback; resolves with the port and what closes it. @throws PortTakenError */
export async function listen(
  parts: ServerParts,
  port: number,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const session = new KeyedSession(parts);
  const server = createServer((request, response) => {
    void session.serve(request, response).catch((error: unknown) => sendError(response, error, parts.environment));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const hint = 'Choose another with --port';
      reject(new PortTakenError(`port ${port} can't be opened on 127.0.0.1`, { cause, reason: cause.code, hint }));
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  session.rules = parts.rules(bound);
  return {
    port: bound,
    close: async () => {
      parts.stream.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Serves one session: the first who brings the key gets the cookie, and nobody after. */
class KeyedSession {
  rules: AccessRules = { hosts: [], session: '', cookieName: '', token: '' };
  #key: string | undefined;

  constructor(private readonly parts: ServerParts) {
    this.#key = parts.key;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://console');
    const path = url.pathname;
    const verdict = judgeAccess(request.headers, needOf(request.method, path), this.rules);
    if (verdict.kind === 'refused') return sendJson(response, verdict.status, { message: verdict.why });
    if (path === BASE.slice(0, -1)) return redirect(response, BASE);
    if (request.method === 'GET') {
      if (path === `${BASE}health`) return sendJson(response, 200, { status: 'ready' });
      if (path === BASE && url.searchParams.has('key')) return this.#login(url.searchParams.get('key') ?? '', response);
      if (path === `${BASE}events`) {
        for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
        return this.parts.stream.add(response, url.searchParams.has('tail'));
      }
      const asset = this.parts.page.get(path === BASE ? 'index.html' : path.slice(BASE.length));
      if (asset) return send(response, 200, asset.type, asset.body);
    }
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    const answer = await this.parts.api.answer(`${request.method} ${path.slice(BASE.length)}`, url.searchParams, body);
    if (!answer) return sendJson(response, 404, { message: `no ${request.method} ${path}` });
    sendJson(response, answer.status, answer.body);
  }

  #login(key: string, response: ServerResponse): void {
    const { session = '', cookieName } = this.rules;
    if (this.#key !== undefined && isSame(key, this.#key)) {
      this.#key = undefined;
      response.setHeader('set-cookie', `${cookieName}=${session}; Path=${BASE}; HttpOnly; SameSite=Strict`);
    }
    // Without the key: the address stays in the browser's history.
    redirect(response, BASE);
  }
}

function needOf(method: string | undefined, path: string): Need {
  if (method !== 'GET') return 'action';
  return path.startsWith(`${BASE}api/`) || path === `${BASE}events` ? 'data' : 'page';
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function sendError(response: ServerResponse, error: unknown, environment: Environment): void {
  if (response.headersSent) return void response.destroy();
  const explanation = explain(error, environment);
  const { hint } = explanation;
  sendJson(response, STATUS[explanation.exitCode] ?? 500, {
    message: reasonOf(explanation),
    ...(hint === undefined ? {} : { hint }),
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', Buffer.from(JSON.stringify(body)));
}

function send(response: ServerResponse, status: number, type: string, body: Buffer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': body.byteLength });
  response.end(body);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...HEADERS, location, 'content-length': 0 });
  response.end();
}
