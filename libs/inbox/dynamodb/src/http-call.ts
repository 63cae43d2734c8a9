import { RetryLaterError } from './failure';
import type { CallContext } from './work';

/** A request to a partner's HTTP API, with and of JSON. */
export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** Statuses that say something; all others are failures. */
  readonly accept: readonly number[];
}

/** What a partner returned. */
export interface HttpReply {
  readonly status: number;
  /** Parsed if it is JSON, else text. */
  readonly body: unknown;
}

/** A partner that returned a status that isn't accepted. */
export class HttpCallError extends Error {
  override readonly name = 'HttpCallError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Longest time that a partner's `Retry-After` is heeded, in seconds. */
const MAX_RETRY_AFTER = 3_600;

/**
 * Calls a partner with the idempotency key, the trace context and the deadline of an outside call.
 * @throws HttpCallError; RetryLaterError when the partner says when to come back; what `fetch` throws
 */
export async function callHttp(
  { key, signal, trace = {} }: Pick<CallContext, 'key' | 'signal'> & Partial<Pick<CallContext, 'trace'>>,
  { url, method = 'POST', body, accept }: HttpRequest,
): Promise<HttpReply> {
  const response = await fetch(url, {
    method,
    signal,
    headers: {
      ...trace,
      'idempotency-key': key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status } = response;
  if (accept.includes(status)) return { status, body: parse(text) };
  const problem = `${method} ${new URL(url).pathname} returned ${status}: ${text.slice(0, 200)}`;
  const seconds = retryAfter(response.headers.get('retry-after'));
  // Attempts count: a partner that always says 1 must not use them up within seconds.
  throw seconds === undefined ? new HttpCallError(status, problem) : new RetryLaterError(seconds, problem, true);
}

/** RFC 9110, 10.2.3, seconds only: a date would need a clock that agrees with the partner's. */
function retryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(MAX_RETRY_AFTER, Math.max(1, Number(header)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
