import type { Clock } from './clock';
import { pickTrace, readTraceparent, writeTraceparent, type TraceContext } from './trace-context';
import { passingTracer, type Span, type SpanAttributes, type SpanStart, type Tracer } from './tracer';

/** Takes spans as the body of an OTLP/HTTP request in JSON. Never rejects. */
export type SpanExporter = (body: object) => Promise<void>;

/** What a tracer is made of. */
export interface OtlpTracerOptions {
  /** `service.name` of the spans. */
  readonly service: string;
  readonly exportSpans: SpanExporter;
  /** Percent of the traces started here that are recorded; of others their `traceparent` decides. */
  readonly samplePercent: number;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
}

/** Of OTLP's SpanKind. */
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** Spans of one invocation that are kept until it ends; a collector takes at least so many (X-Ray: 10,000, of 5 MB). */
const MAX_SPANS = 2_000;

/**
 * A collector may refuse a whole request for one span that is too long (X-Ray: a day between the times of a request).
 * What began earlier is shown from 23 hours before its end.
 */
const MAX_SPAN_MS = 82_800_000;

/**
 * A tracer that sends spans to a collector by OTLP, all of an invocation at once. Traces that aren't sampled are passed on
 * and not recorded. Source: OpenTelemetry specification, OTLP/HTTP with the JSON encoding.
 */
export function createOtlpTracer(options: OtlpTracerOptions): Tracer {
  const { service, exportSpans, samplePercent, clock, random } = options;
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  const drawn = (): boolean => Buffer.from(random(4)).readUInt32BE() < (samplePercent / 100) * 2 ** 32;
  let spans: object[] = [];
  const keep = (span: object): void => void (spans.length < MAX_SPANS && spans.push(span));
  return {
    start: (start) => {
      const { parent = {} } = start;
      const from = readTraceparent(parent.traceparent);
      if (from?.isSampled === false) return passingTracer.start(start);
      const own = { traceId: from?.traceId ?? hex(16), spanId: hex(8), isSampled: from !== undefined || drawn() };
      const context = { ...(from ? pickTrace(parent) : {}), traceparent: writeTraceparent(own) };
      if (!own.isSampled) return passingTracer.start({ ...start, parent: context });
      return openSpan(start, { ...own, parentSpanId: from?.spanId, context }, clock, keep);
    },
    flush: async () => {
      if (spans.length === 0) return;
      const body = {
        resourceSpans: [
          {
            resource: { attributes: attributesOf({ 'service.name': service }) },
            scopeSpans: [{ scope: { name: 'outbox' }, spans }],
          },
        ],
      };
      spans = [];
      await exportSpans(body);
    },
  };
}

interface Identity {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly context: TraceContext;
}

function openSpan(start: SpanStart, identity: Identity, clock: Clock, keep: (span: object) => void): Span {
  const { context, traceId, spanId, parentSpanId } = identity;
  const startedAt = start.startedAt ?? clock.now();
  let attributes = start.attributes ?? {};
  let failure: string | undefined;
  return {
    context,
    set: (more) => void (attributes = { ...attributes, ...more }),
    run: (work) => work(),
    fail: (error) => void (failure = messageOf(error)),
    end: (at = clock.now()) => {
      const until = Math.max(startedAt, at);
      keep({
        traceId,
        spanId,
        parentSpanId,
        name: start.name,
        kind: KINDS[start.kind ?? 'internal'],
        startTimeUnixNano: nanoseconds(Math.max(startedAt, until - MAX_SPAN_MS)),
        endTimeUnixNano: nanoseconds(until),
        attributes: attributesOf(attributes),
        links: (start.links ?? []).flatMap(({ traceparent }) => {
          const { traceId, spanId } = readTraceparent(traceparent) ?? {};
          return traceId === undefined ? [] : [{ traceId, spanId }];
        }),
        ...(failure === undefined ? {} : { status: { code: 2, message: failure } }),
      });
    },
  };
}

/** A 64-bit integer is text in OTLP's JSON. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}

function attributesOf(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { intValue: String(Math.round(value)) } : { boolValue: value };
}

/** Enough to tell what it was. */
const MAX_MESSAGE = 300;

function messageOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_MESSAGE);
}
