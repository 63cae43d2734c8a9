import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HttpRoute } from '@outbox/local-cloud-kernel';
import { readSpans, type CollectedSpan } from './otlp';

/** Spans that are kept, the newest: some ten megabytes. */
const MAX_SPANS = 20_000;

/** Bytes of a request, uncompressed. X-Ray takes as many (CloudWatch user guide, OTLP endpoints). */
const MAX_BODY_BYTES = 5_000_000;

type Answer = readonly [status: number, body: unknown];

/**
 * A collector of traces: `POST /v1/traces` takes spans by OTLP/HTTP in JSON, also compressed by gzip;
 * `GET /_local/traces[?trace=ID]` `{"spans": […]}` shows the last ones, in the order of their start. Kept in memory only.
 */
export function collectorRoutes(): readonly HttpRoute[] {
  const kept: CollectedSpan[] = [];
  const route = (
    prefix: HttpRoute['prefix'],
    handle: (request: IncomingMessage, url: URL) => Answer | Promise<Answer>,
  ): HttpRoute => ({
    prefix,
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (request.headers.origin !== undefined) send(response, [403, { message: 'Not for browsers' }]);
      else if (url.pathname !== prefix)
        send(response, [404, { message: `No such path: ${request.method} ${url.pathname}` }]);
      else send(response, await handle(request, url));
    },
  });
  return [
    route('/v1/traces', async (request) => {
      if (request.method !== 'POST') return [405, { message: 'Spans are posted' }];
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
      if (type !== 'application/json') {
        const say = 'This collector takes OTLP in JSON: set the exporter’s protocol to http/json';
        return [415, { message: `${say}, not ${type ?? 'nothing'}` }];
      }
      const body = await readBody(request);
      if (body === undefined) return [400, { message: `The body is larger than ${MAX_BODY_BYTES} bytes, or not gzip` }];
      const spans = readSpans(body);
      if (typeof spans === 'string') return [400, { message: spans }];
      kept.push(...spans);
      kept.splice(0, kept.length - MAX_SPANS);
      return [200, {}];
    }),
    route('/_local/traces', (request, { searchParams }) => {
      if (request.method !== 'GET') return [405, { message: 'Spans are read here, and posted to /v1/traces' }];
      const trace = searchParams.get('trace')?.toLowerCase();
      const spans = trace === undefined ? kept : kept.filter(({ traceId }) => traceId === trace);
      return [200, { spans: [...spans].sort((a, b) => a.startedAt - b.startedAt) }];
    }),
  ];
}

/** The body as text; undefined when it is too large or can't be unpacked. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return undefined;
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body.toString('utf8');
  try {
    return (await promisify(gunzip)(body, { maxOutputLength: MAX_BODY_BYTES })).toString('utf8');
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, [status, body]: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
  response.end(text);
}
