/** A trace context, as its headers name it. */
interface Context {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A span's start, as far as specs look at it. */
interface Start {
  readonly name: string;
  readonly kind?: string;
  readonly parent?: Context;
  readonly links?: readonly Context[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly startedAt?: number;
}

/** A span that has ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind?: string;
  /** 32 hexadecimal digits; counted up. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Trace ids of its links. */
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly error?: unknown;
}

/** A tracer that keeps spans as they end, with ids that are counted up from 1. */
export function recordingTracer() {
  const spans: RecordedSpan[] = [];
  let ids = 0;
  let flushes = 0;
  const idsOf = ({ traceparent = '' }: Context) => {
    const [, traceId, spanId] = traceparent.split('-');
    return { traceId, spanId };
  };
  return {
    spans,
    /** The span with this name; there must be one, and no other. */
    span: (name: string): RecordedSpan => {
      const found = spans.filter((span) => span.name === name);
      const [span] = found;
      if (!span || found.length > 1) {
        throw new Error(`${found.length} spans are called ${name}: ${spans.map((one) => one.name).join(', ')}`);
      }
      return span;
    },
    flushes: () => flushes,
    start: ({ parent = {}, links = [], attributes = {}, ...start }: Start) => {
      const from = idsOf(parent);
      const traceId = from.traceId ?? String((ids += 1)).padStart(32, '0');
      const spanId = String((ids += 1)).padStart(16, '0');
      let about = attributes;
      let error: unknown;
      return {
        context: {
          ...(parent.tracestate === undefined ? {} : { tracestate: parent.tracestate }),
          traceparent: `00-${traceId}-${spanId}-01`,
        },
        set: (more: object) => void (about = { ...about, ...more }),
        run: <T>(work: () => T): T => work(),
        fail: (failure: unknown) => void (error = failure),
        end: (endedAt?: number) =>
          void spans.push({
            ...start,
            traceId,
            spanId,
            parentSpanId: from.spanId,
            links: links.map((link) => idsOf(link).traceId ?? ''),
            attributes: about,
            endedAt,
            error,
          }),
      };
    },
    flush: () => Promise.resolve(void (flushes += 1)),
  };
}
