import type { SpanView } from '@outbox/console-api';
import * as z from 'zod';

/** As long as the page waits for spans: without them it shows what the tables say. */
const PATIENCE_MS = 2_000;

const answer = z.object({
  spans: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      startedAt: z.number(),
      endedAt: z.number(),
      error: z.string().optional(),
      attributes: z.object({
        'outbox.event.id': z.string().optional(),
        'outbox.outcome': z.string().optional(),
        'outbox.attempt': z.number().optional(),
      }),
    }),
  ),
});

/**
 * What functions told the local cloud's collector that they did for the events of some traces. Empty where nothing was
 * told, or it can't be asked: a picture with fewer lines beats none.
 */
export async function loadSpans(origin: string, traceIds: ReadonlySet<string>): Promise<SpanView[]> {
  const found = await Promise.all([...traceIds].map((traceId) => spansOf(origin, traceId)));
  return found.flat();
}

async function spansOf(origin: string, traceId: string): Promise<SpanView[]> {
  try {
    const response = await fetch(`${origin}/_local/traces?trace=${traceId}`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const { spans } = answer.parse(await response.json());
    return spans.flatMap(({ name, service, startedAt: from, endedAt: to, error, attributes }) => {
      const { 'outbox.event.id': eventId, 'outbox.outcome': outcome, 'outbox.attempt': attempt } = attributes;
      return eventId === undefined ? [] : [{ name, service, eventId, from, to, error, outcome, attempt }];
    });
  } catch {
    return [];
  }
}
