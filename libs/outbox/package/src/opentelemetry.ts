import {
  context,
  createTraceState,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import {
  EXPORT_MS,
  pickTrace,
  readTraceparent,
  writeTraceparent,
  type Span,
  type SpanStart,
  type TraceContext,
  type Tracer,
} from '@outbox/function-kit';

/** The outbox's spans by OpenTelemetry's API, `@opentelemetry/api`: an optional peer, which only this needs. */
export type { Span, SpanAttributes, SpanStart, TraceContext, Tracer } from '@outbox/function-kit';

/** How a tracer hands on what has ended. */
export interface OpenTelemetryOptions {
  /**
   * Is called at the end of each invocation: `() => provider.forceFlush()`. It is awaited for half a second at most, and
   * may fail: spans that can't be exported fail no request, and have no batch delivered again.
   */
  readonly flush?: () => Promise<void>;
}

const KINDS: Readonly<Record<NonNullable<SpanStart['kind']>, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/**
 * A tracer that makes its spans by OpenTelemetry's API, with the provider that is registered there. While a span covers
 * work of yours (`call`, `complete`, a route), it is the active one, so that what instruments your libraries joins it.
 */
export function openTelemetryTracer({ flush = () => Promise.resolve() }: OpenTelemetryOptions = {}): Tracer {
  const tracer = trace.getTracer('transactional-outbox-aws');
  return {
    start: ({ name, kind = 'internal', parent = {}, links = [], attributes, startedAt }) => {
      const above = contextWith(parent);
      const options = {
        kind: KINDS[kind],
        attributes,
        startTime: timeOf(startedAt),
        links: links.flatMap((link) => {
          const linked = spanContextOf(link);
          return linked ? [{ context: linked }] : [];
        }),
      };
      const span = tracer.startSpan(name, options, above);
      return {
        context: traceContextOfSpan(span.spanContext()) ?? pickTrace(parent),
        set: (more) => void span.setAttributes(more),
        run: (work) => context.with(trace.setSpan(above, span), work),
        fail: (error) => {
          span.setStatus({
            code: SpanStatusCode.ERROR,
            message: error instanceof Error ? error.message : String(error),
          });
          if (error instanceof Error) span.recordException(error);
        },
        end: (at) => span.end(timeOf(at)),
      } satisfies Span;
    },
    flush: () => flushWithin(EXPORT_MS, flush),
  };
}

/** Waits until `flush` is done, has failed (which OpenTelemetry reports) or the time is over. */
async function flushWithin(ms: number, flush: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  const flushed = Promise.resolve()
    .then(flush)
    .catch(() => undefined);
  await Promise.race([flushed, isOver]);
  clearTimeout(timer);
}

/** A date: small numbers the API takes for times since the process began. */
function timeOf(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}

/** The active context, under the parent that a message or request names. */
function contextWith(parent: TraceContext): Context {
  const remote = spanContextOf(parent);
  return remote ? trace.setSpanContext(context.active(), remote) : context.active();
}

function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const parent = readTraceparent(traceparent);
  if (!parent) return undefined;
  const { traceId, spanId, isSampled } = parent;
  return {
    traceId,
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
}

/** Undefined: no provider is registered, and there is nothing to be a part of. */
function traceContextOfSpan(span: SpanContext): TraceContext | undefined {
  if (!isSpanContextValid(span)) return undefined;
  const isSampled = (span.traceFlags & TraceFlags.SAMPLED) !== 0;
  const tracestate = span.traceState?.serialize() ?? '';
  return {
    traceparent: writeTraceparent({ traceId: span.traceId, spanId: span.spanId, isSampled }),
    ...(tracestate === '' ? {} : { tracestate }),
  };
}
