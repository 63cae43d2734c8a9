import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** One invalid part of a request: its JSON pointer (RFC 6901) into the body, `header:<name>` or `query:<name>`. */
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

/** A route's answer: a response, or a problem to render. */
export type HttpAnswer = APIGatewayProxyStructuredResultV2 | { readonly problem: Problem };

/** Ends a request with a problem, from wherever it is found. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail ?? ''}`);
  }
}

/** The value of a header is not valid; `detail` continues a sentence that begins with the header's name. */
export function invalidHeader(name: string, detail: string): Problem {
  return {
    kind: 'invalid-header',
    status: 400,
    title: 'A header of the request is not valid',
    detail: `${name} ${detail}`,
    errors: [{ pointer: `header:${name.toLowerCase()}`, detail }],
  };
}

/** A precondition of the request is false; `etag` is the resource's current entity tag. Source: RFC 9110, 15.5.13. */
export function preconditionFailed(name: 'If-Match' | 'If-None-Match', etag: string | undefined): Problem {
  const current = etag === undefined ? 'what is there has no entity tag' : `the current entity tag is ${etag}`;
  return {
    kind: 'precondition-failed',
    status: 412,
    title: 'A precondition of the request is false',
    detail: `${name} is false: ${current}`,
    ...(etag === undefined ? {} : { headers: { etag } }),
  };
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
