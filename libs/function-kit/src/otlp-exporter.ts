import type { Clock } from './clock';
import type { Logger } from './logger';
import type { SpanExporter } from './otlp-tracer';

/** Where spans are sent, and how. */
export interface OtlpExporterOptions {
  /** The whole address, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  /** Further headers of a request, such as a signature. */
  readonly headersFor?: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Longest time that an invocation waits for its spans: below what handlers keep back for answering. */
export const EXPORT_MS = 500;

/** So long nothing is sent after a failure: a collector that hangs costs an environment one wait in this time. */
export const QUIET_MS = 30_000;

/**
 * Posts spans to a collector. Spans are worth little beside what they are about: those that a collector doesn't take in
 * time, or refuses, are lost with one line in the log.
 */
export function createOtlpExporter({ endpoint, headersFor, clock, logger }: OtlpExporterOptions): SpanExporter {
  const url = new URL(endpoint);
  let quietUntil = 0;
  const post = async (body: string): Promise<void> => {
    const signal = AbortSignal.timeout(EXPORT_MS);
    const type = { 'content-type': 'application/json' };
    const headers = { ...type, ...headersFor?.(url, type, body) };
    const send = () => fetch(url, { method: 'POST', headers, body, signal });
    // Lambda freezes an environment with its connections: the first one afterwards may be dead.
    const response = await send().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return send();
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the collector returned ${response.status}: ${text.slice(0, 200)}`);
  };
  return async (spans) => {
    if (clock.now() < quietUntil) return;
    try {
      await post(JSON.stringify(spans));
    } catch (error) {
      quietUntil = clock.now() + QUIET_MS;
      logger.warn('spans were not exported', { endpoint, error });
    }
  };
}
