import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { jsonRoute, noSuchPath, readBytes, type HttpRoute } from '@outbox/local-cloud-kernel';
import { readSpans, type CollectedSpan } from './otlp';

/** Spans that are kept, the newest: some ten megabytes. */
const MAX_SPANS = 20_000;

/** Bytes of a request, uncompressed. X-Ray takes as many (CloudWatch user guide, OTLP endpoints). */
const MAX_BODY_BYTES = 5_000_000;

/**
 * A collector of traces: `POST /v1/traces` takes spans by OTLP/HTTP in JSON, also compressed by gzip;
 * `GET /_local/traces[?trace=ID]` `{"spans": […]}` shows the last ones, in the order of their start. Kept in memory only.
 */
export function collectorRoutes(): readonly HttpRoute[] {
  const kept: CollectedSpan[] = [];
  const route = (path: HttpRoute['prefix'], answer: Parameters<typeof jsonRoute>[1]): HttpRoute =>
    jsonRoute(path, (request, url) =>
      url.pathname === path ? answer(request, url) : noSuchPath(request, url.pathname),
    );
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
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (body === undefined) return undefined;
  if (request.headers['content-encoding'] !== 'gzip') return body.toString('utf8');
  try {
    return (await promisify(gunzip)(body, { maxOutputLength: MAX_BODY_BYTES })).toString('utf8');
  } catch {
    return undefined;
  }
}
