import { pickTrace, type TraceContext } from './trace-context';

/** What is kept with a span: ids and words to find it by, nothing of what an event holds. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span that begins. */
export interface SpanStart {
  readonly name: string;
  /** As OpenTelemetry has it; `internal` if not given. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** What it is a part of; without one it starts a trace. */
  readonly parent?: TraceContext;
  /** Traces that it has to do with, and is no part of: those of a batch. */
  readonly links?: readonly TraceContext[];
  readonly attributes?: SpanAttributes;
  /** Milliseconds since the epoch; now if not given. */
  readonly startedAt?: number;
}

/** A span that has begun. */
export interface Span {
  /** What is passed on: children of the span are made with it. */
  readonly context: TraceContext;
  set(attributes: SpanAttributes): void;
  /** Runs work with this span as the active one, for tracers that know such a thing. */
  run<T>(work: () => T): T;
  /** What it covers failed; an error, or a sentence. */
  fail(error: unknown): void;
  /** @param at milliseconds since the epoch; now if not given */
  end(at?: number): void;
}

/** Where spans go. No method throws, and none of them waits but `flush`. */
export interface Tracer {
  start(span: SpanStart): Span;
  /** Hands on what has ended, within a short time; call once per invocation, in a `finally`. */
  flush(): Promise<void>;
}

/** The tracer of who has none: nothing is recorded, and each context is passed on as it came. */
export const passingTracer: Tracer = {
  start: ({ parent = {} }) => ({
    context: pickTrace(parent),
    set: () => undefined,
    run: (work) => work(),
    fail: () => undefined,
    end: () => undefined,
  }),
  flush: () => Promise.resolve(),
};

/** Does work within a span, which ends with it; what the work throws is passed on. */
export async function traced<T>(tracer: Tracer, start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  const span = tracer.start(start);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Records what is over already, by the times that were noted of it; nothing when they make no sense. */
export function recordSpan(tracer: Tracer, start: SpanStart & { readonly startedAt: number }, endedAt: number): void {
  if (!(endedAt >= start.startedAt)) return;
  tracer.start(start).end(endedAt);
}
