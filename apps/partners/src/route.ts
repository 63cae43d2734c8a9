import type { Partner } from './fault-settings';
import type { Traced } from './entry';
import { BadRequestError } from './fields';

/** A request, taken apart. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** What is sent back; no body where there is none. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** A path; `*` at its end stands for one segment, which `key` finds. */
  readonly path: string;
  /** Present where faults may strike: whose they are, and what counts attempts together with the key. */
  readonly faulty?: { readonly partner: Partner; readonly operation: string };
  /** What names the call: a partner's routes choose faults by it. @throws BadRequestError when it isn't there */
  readonly key: (call: Call) => string;
  /** @throws BadRequestError naming the field of the body that is wrong */
  readonly run: (call: Call, key: string) => Answer;
}

const IDEMPOTENCY_KEY = 'Idempotency-Key';
const MAX_KEY = 255;

/**
 * The request's Idempotency-Key.
 * @throws BadRequestError when it is missing or too long
 */
export function idempotencyKey(call: Call): string {
  const key = call.header(IDEMPOTENCY_KEY.toLowerCase()) ?? '';
  if (key === '' || key.length > MAX_KEY) {
    throw new BadRequestError(IDEMPOTENCY_KEY, `must be a header of 1 to ${MAX_KEY} characters`);
  }
  return key;
}

/** What the caller says of its trace. */
export function tracedBy(call: Call): Traced {
  const traceparent = call.header('traceparent');
  return traceparent === undefined ? {} : { traceparent };
}

/** The last segment of the path. */
export function lastSegment({ path }: Call): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The body, as JSON.
 * @throws BadRequestError when it is none
 */
export function readJson({ body }: Call): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadRequestError('body', 'must be JSON');
  }
}

/** The route a call takes; where there is none, what to answer. */
export function findRoute(routes: readonly Route[], { method, path }: Call): Route | Answer {
  const there = routes.filter((route) => matches(route.path, path));
  const found = there.find((route) => route.method === method);
  if (found !== undefined) return found;
  if (there.length === 0) return { status: 404, body: { error: { message: `there is nothing at ${path}` } } };
  const allow = there.map((route) => route.method).join(', ');
  return { status: 405, headers: { allow }, body: { error: { message: `${path} takes ${allow}` } } };
}

function matches(pattern: string, path: string): boolean {
  if (!pattern.endsWith('*')) return pattern === path;
  const prefix = pattern.slice(0, -1);
  return path.startsWith(prefix) && path.length > prefix.length && !path.includes('/', prefix.length);
}

/** The answer to a key that comes again with another body while it is remembered. */
export function keyConflict(key: string): Answer {
  const message = `Idempotency-Key ${key} was used for another request`;
  return { status: 409, body: { error: { field: IDEMPOTENCY_KEY, message } } };
}
