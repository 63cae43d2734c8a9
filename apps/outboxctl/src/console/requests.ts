import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '@outbox/cli-kit';
import type { OfferedRequest, Sent } from '@outbox/console-api';
import * as z from 'zod';

/** At a time: a laptop's stack does some dozens a second. */
const SIDE_BY_SIDE = 8;
const MAX_COUNT = 1_000;
const TIMEOUT_MS = 30_000;

const schema = z.array(
  z.strictObject({
    group: z.string(),
    title: z.string(),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    url: z.url(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    repeatable: z.boolean().default(false),
  }),
);

/** A request that a page may have sent, with where it goes. `{uuid}` in a header's value is another in each. */
export type StoredRequest = z.infer<typeof schema>[number];

/** The requests in a file. @throws UsageError when it can't be read, or is none */
export async function readRequests(file: string): Promise<readonly StoredRequest[]> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : '';
    throw new UsageError(`${file} holds no requests that could be offered`, { cause, reason });
  }
}

/** What a page is told of it. */
export function offered({ group, title, method, url, body, repeatable }: StoredRequest): OfferedRequest {
  const { pathname, search } = new URL(url);
  return { group, title, method, path: `${pathname}${search}`, ...(body === undefined ? {} : { body }), repeatable };
}

/** How often a request is sent, and how fast. */
export interface Load {
  readonly count: number;
  /** A steady rate; as fast as they are answered unless given. */
  readonly perSecond?: number | undefined;
}

/**
 * Sends a request `count` times, some side by side, at a steady rate where one is given and the stack keeps up with it, until
 * `stop` says so. An answer that doesn't come counts as one, too.
 */
export async function send(request: StoredRequest, { count, perSecond }: Load, stop: AbortSignal): Promise<Sent> {
  const statuses: Record<string, number> = {};
  let body: unknown;
  const many = request.repeatable ? Math.min(count, MAX_COUNT) : 1;
  const startedAt = performance.now();
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < many && !stop.aborted) {
      const dueAt = perSecond === undefined ? startedAt : startedAt + (begun * 1_000) / perSecond;
      begun += 1;
      await delay(Math.max(0, dueAt - performance.now()), undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return;
      const answer = await sendOnce(request);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      body = answer.body;
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return { statuses, body };
}

async function sendOnce({ method, url, headers, body }: StoredRequest): Promise<{ status: string; body: unknown }> {
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{uuid}', randomUUID())]),
        ),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const text = await answer.text();
    return { status: String(answer.status), body: parsed(text) };
  } catch (error) {
    return { status: 'no answer', body: error instanceof Error ? error.message : String(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
