import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** One invalid part of a request, named by its JSON pointer (RFC 6901) into the body, or a header or query name. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly detail: string;
}

/** What went wrong, for a client: RFC 9457. `kind` is the stable part clients may branch on. */
export interface Problem {
  /** kebab-case, never renamed once released; becomes `type` = `urn:outbox:problem:<kind>`. */
  readonly kind: string;
  readonly status: number;
  /** Same text for every occurrence of `kind`. */
  readonly title: string;
  /** This occurrence, in words a client's developer can act on. */
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly ProblemDetail[];
  /** Extra response headers, e.g. Allow, Location, Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Renders a problem as an HTTP API v2 response with `application/problem+json`. */
export function problemResponse(problem: Problem, requestId: string): APIGatewayProxyStructuredResultV2 {
  const { kind, headers, ...members } = problem;
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: `urn:outbox:problem:${kind}`, ...members, requestId }),
  };
}

/** Renders a value as an HTTP API v2 response with `application/json`. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}
