import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** The client was never told how its request ended. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** One try of a request: how long it took, and whether it said nothing (5xx, 429, a broken connection). */
export interface Attempt {
  readonly ms: number;
  readonly failed: boolean;
}

/** One attempt may take a little longer than API Gateway waits for a function. */
const ATTEMPT_MS = 35_000;
/** An API that answers nothing definite for so long is down for good. */
const GIVE_UP_MS = 5 * 60_000;
const BACK_OFF = { firstMs: 50, longestMs: 2_000 };

/**
 * A client as the API asks for one: it repeats a request, with the same Idempotency-Key, until it is told how it ended.
 * Only then does it know; a 5xx, a 429 or a broken connection tells nothing.
 */
export class PatientClient {
  #repeats = 0;

  constructor(
    private readonly endpoint: string,
    private readonly onAttempt: (attempt: Attempt) => void = () => undefined,
  ) {}

  /** How often a request had to be sent again. */
  get repeats(): number {
    return this.#repeats;
  }

  /** @throws NoAnswer when there is no definite answer within five minutes */
  async send(request: ApiRequest, random: Random): Promise<Reply> {
    const deadline = performance.now() + GIVE_UP_MS;
    let last = '';
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      if (attempt > 0) {
        this.#repeats += 1;
        await delay(random.next() * Math.min(BACK_OFF.longestMs, BACK_OFF.firstMs * 2 ** attempt));
      }
      const startedAt = performance.now();
      const outcome = await this.#attempt(request);
      this.onAttempt({ ms: performance.now() - startedAt, failed: typeof outcome === 'string' });
      if (typeof outcome !== 'string') return outcome;
      last = outcome;
    }
    throw new NoAnswer(`${request.method} ${request.path}: no definite answer, last ${last}`);
  }

  /** The reply, or why it says nothing. */
  async #attempt({ method, path, body, headers }: ApiRequest): Promise<Reply | string> {
    try {
      const response = await fetch(this.endpoint + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ATTEMPT_MS),
      });
      const text = await response.text();
      if (response.status >= 500 || response.status === 429) return `${response.status} ${text}`;
      return { status: response.status, body: JSON.parse(text) as Reply['body'] };
    } catch (error) {
      // What fetch throws says "fetch failed"; why is in its cause.
      return error instanceof Error && error.cause !== undefined ? String(error.cause) : String(error);
    }
  }
}
