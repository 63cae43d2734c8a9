import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { decodeBody, type HttpBody } from './http-body';
import { underPreconditions } from './http-conditions';
import { readHeaders, withoutRepeats, type HttpHeaders } from './http-headers';
import { matchRoute } from './http-route';
import type { Logger } from './logger';
import type { Metrics } from './metrics';
import { problemResponse, ProblemError, type HttpAnswer, type Problem } from './problem';
import { newTraceContext, traceContextOf, traceFields, type TraceContext } from './trace-context';
import { passingTracer, type Tracer } from './tracer';

/** A request as a route sees it. */
export interface HttpRequest extends HttpHeaders {
  readonly method: string;
  /** The function's route that the request selected, such as `GET /things/{id}`. */
  readonly route: string;
  /** The path's variables, decoded. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Decoded strictly on demand. */
  body(): HttpBody;
  readonly requestId: string;
  /** The trace that it is a part of, the caller's or one that starts here: never empty. */
  readonly trace: TraceContext;
  /** Milliseconds left before Lambda stops this invocation. */
  remainingMs(): number;
  /** The event itself, e.g. for `requestContext.authorizer`. */
  readonly event: APIGatewayProxyEventV2;
}

/** One route of a function. */
export type HttpRoute = (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;

/** A Lambda handler for HTTP API payload format 2.0. */
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What an HTTP handler is made of. */
export interface HttpHandlerPorts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Gets a span per request; without one nothing is recorded. */
  readonly tracer?: Tracer;
  readonly random?: (bytes: number) => Uint8Array;
}

/**
 * Wraps routes (`{'GET /books/{bookId}': route}`) as a Lambda handler. GET and HEAD are answered under the request's
 * preconditions. An unknown path gets a 404 problem, and a known path with another method a 405 problem with Allow. When
 * a route throws a ProblemError, its problem is the answer; anything else that it throws is logged, and the answer is a
 * 500 problem that says nothing about the inside.
 */
export function createHttpHandler(ports: HttpHandlerPorts, routes: Readonly<Record<string, HttpRoute>>): HttpHandler {
  const { metrics, tracer = passingTracer, random = (bytes: number) => randomBytes(bytes) } = ports;
  return async (event, context) => {
    const headers = readHeaders(event);
    const { method } = event.requestContext.http;
    const span = tracer.start({ name: event.routeKey, kind: 'server', parent: sentContext(headers) });
    const trace = span.context.traceparent === undefined ? newTraceContext(random) : span.context;
    try {
      const answer = await span.run(() => answerTo(routes, event, context, { ...headers, trace }));
      const response = 'problem' in answer ? problemResponse(answer.problem, event.requestContext.requestId) : answer;
      span.set({ 'http.request.method': method, 'http.response.status_code': response.statusCode ?? 200 });
      return response;
    } catch (error) {
      span.fail(error);
      const { requestId } = event.requestContext;
      ports.logger.error('request failed unexpectedly', {
        error,
        requestId,
        ...traceFields(trace),
        routeKey: event.routeKey,
      });
      metrics.count('UnexpectedErrors');
      return problemResponse(INTERNAL_ERROR, requestId);
    } finally {
      span.end();
      metrics.flush();
      await tracer.flush();
    }
  };
}

/** What a route, or the lack of one, makes of a request. @throws what the route throws besides ProblemError */
async function answerTo(
  routes: Readonly<Record<string, HttpRoute>>,
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  read: HttpHeaders & Pick<HttpRequest, 'trace'>,
): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  const match = matchRoute(routes, event);
  if (match.kind === 'not-found') return { problem: nothingAt(event.rawPath) };
  if (match.kind === 'method-not-allowed') return { problem: methodNotAllowed(method, match.allow) };
  try {
    const request = readRequest(event, context, match, read);
    const answer = await match.target(request);
    return method === 'GET' || method === 'HEAD' ? underPreconditions(request, answer) : answer;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    throw error;
  }
}

/** The caller's trace context. Missing, invalid or ambiguous there is none: tracing never refuses a request. */
function sentContext({ headerList }: HttpHeaders): TraceContext {
  return traceContextOf(withoutRepeats(headerList('traceparent') ?? ''), headerList('tracestate'));
}

const INTERNAL_ERROR: Problem = { kind: 'internal-error', status: 500, title: 'The service failed unexpectedly' };

/** Nothing is served at this path. */
export function nothingAt(path: string): Problem {
  return { kind: 'not-found', status: 404, title: 'No such resource', detail: `nothing is served at ${path}` };
}

function methodNotAllowed(method: string, allow: readonly string[]): Problem {
  return {
    kind: 'method-not-allowed',
    status: 405,
    title: 'Method not allowed',
    detail: `${method} is not one of ${allow.join(', ')}`,
    headers: { allow: allow.join(', ') },
  };
}

function readRequest(
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  { route, parameters }: Pick<HttpRequest, 'route' | 'parameters'>,
  read: HttpHeaders & Pick<HttpRequest, 'trace'>,
): HttpRequest {
  return {
    ...read,
    method: event.requestContext.http.method,
    route,
    parameters,
    query: event.queryStringParameters ?? {},
    body: () => decodeBody(event),
    requestId: event.requestContext.requestId,
    remainingMs: () => context.getRemainingTimeInMillis(),
    event,
  };
}
