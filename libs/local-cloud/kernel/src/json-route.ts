import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from './service';

/** What one of the engine's own paths, such as those under `/_local/`, returns. */
export type JsonAnswer = readonly [status: number, body: unknown];

/** Most bytes that the engine's own paths take, unless they say otherwise. */
const MAX_BODY_BYTES = 4_096;

/** A route of the engine's own that returns JSON. A page the user happens to visit gets nothing: browsers send an Origin. */
export function jsonRoute(
  prefix: HttpRoute['prefix'],
  answer: (request: IncomingMessage, url: URL) => JsonAnswer | Promise<JsonAnswer>,
): HttpRoute {
  return {
    prefix,
    handle: async (request, response) => {
      const isPage = request.headers.origin !== undefined;
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      sendJson(response, isPage ? [403, { message: 'Not for browsers' }] : await answer(request, url));
    },
  };
}

/** A route with one path, which is read by GET. */
export function readRoute(path: HttpRoute['prefix'], answer: (query: URLSearchParams) => JsonAnswer): HttpRoute {
  return jsonRoute(path, (request, { pathname, searchParams }) =>
    request.method === 'GET' && pathname === path ? answer(searchParams) : noSuchPath(request, pathname),
  );
}

/** 404, with what was asked for. */
export function noSuchPath({ method }: IncomingMessage, path: string | undefined): JsonAnswer {
  return [404, { message: `No such path: ${method} ${path}` }];
}

/** The body of a request as bytes; undefined when there are more than `maxBytes`. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** The body of a request as text; undefined when it is larger than the engine's own paths take. */
export async function readText(request: IncomingMessage): Promise<string | undefined> {
  return (await readBytes(request, MAX_BODY_BYTES))?.toString('utf8');
}

function sendJson(response: ServerResponse, [status, body]: JsonAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
  response.end(text);
}
