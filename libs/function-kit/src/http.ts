import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { decodeBody, type HttpBody } from './http-body';
import { underPreconditions } from './http-conditions';
import { readHeaders, type HttpHeaders } from './http-headers';
import { matchRoute } from './http-route';
import type { Logger } from './logger';
import type { Metrics } from './metrics';
import { problemResponse, ProblemError, type HttpAnswer, type Problem } from './problem';

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

/**
 * Wraps routes (`{'GET /books/{bookId}': route}`) as a Lambda handler. GET and HEAD are answered under the request's
 * preconditions. An unknown path gets a 404 problem, and a known path with another method a 405 problem with Allow. When
 * a route throws a ProblemError, its problem is the answer; anything else that it throws is logged, and the answer is a
 * 500 problem that says nothing about the inside.
 */
export function createHttpHandler(
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  routes: Readonly<Record<string, HttpRoute>>,
): HttpHandler {
  return async (event, context) => {
    const { requestId, http } = event.requestContext;
    try {
      const match = matchRoute(routes, event);
      if (match.kind === 'not-found') return problemResponse(nothingAt(event.rawPath), requestId);
      if (match.kind === 'method-not-allowed') {
        return problemResponse(methodNotAllowed(http.method, match.allow), requestId);
      }
      const request = readRequest(event, context, match);
      const answered = await match.target(request);
      const isRead = http.method === 'GET' || http.method === 'HEAD';
      const answer = isRead ? underPreconditions(request, answered) : answered;
      return 'problem' in answer ? problemResponse(answer.problem, requestId) : answer;
    } catch (error) {
      if (error instanceof ProblemError) return problemResponse(error.problem, requestId);
      logger.error('request failed unexpectedly', { error, requestId, routeKey: event.routeKey });
      metrics.count('UnexpectedErrors');
      return problemResponse(INTERNAL_ERROR, requestId);
    } finally {
      metrics.flush();
    }
  };
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
): HttpRequest {
  return {
    ...readHeaders(event),
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
