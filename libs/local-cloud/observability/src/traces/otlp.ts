import { parseJson } from '@outbox/local-cloud-pattern';
import { isObject } from '@outbox/local-cloud-kernel';

/** A span as the collector shows it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** `internal`, `server`, `client`, `producer` or `consumer`. */
  readonly kind: string;
  /** `service.name` of whoever sent it. */
  readonly service: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** What went wrong, if it is said that something did. */
  readonly error?: string;
}

/** Of OTLP's SpanKind, by number. */
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

/**
 * The spans of an ExportTraceServiceRequest in OTLP's JSON, or what is wrong with it. What isn't known is passed over, as
 * the specification wants. Source: OpenTelemetry, OTLP 1.x, "JSON Protobuf Encoding".
 */
export function readSpans(body: string): readonly CollectedSpan[] | string {
  const request = parseJson(body);
  if (!isObject(request) || !Array.isArray(request['resourceSpans'])) {
    return 'the body is no ExportTraceServiceRequest in JSON: it has no list resourceSpans';
  }
  const spans: CollectedSpan[] = [];
  for (const [r, ofResource] of objects(request['resourceSpans']).entries()) {
    const resource = isObject(ofResource['resource']) ? ofResource['resource'] : {};
    const service = String(readAttributes(resource['attributes'])['service.name'] ?? 'unknown_service');
    for (const [s, ofScope] of objects(ofResource['scopeSpans']).entries()) {
      for (const [n, span] of objects(ofScope['spans']).entries()) {
        const read = readSpan(span, service);
        if (typeof read === 'string') return `resourceSpans[${r}].scopeSpans[${s}].spans[${n}].${read}`;
        spans.push(read);
      }
    }
  }
  return spans;
}

function readSpan(span: Readonly<Record<string, unknown>>, service: string): CollectedSpan | string {
  const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, status } = span;
  if (!isId(traceId, 32)) return 'traceId is not 32 hexadecimal digits';
  if (!isId(spanId, 16)) return 'spanId is not 16 hexadecimal digits';
  const [startedAt, endedAt] = [milliseconds(startTimeUnixNano), milliseconds(endTimeUnixNano)];
  if (startedAt === undefined) return 'startTimeUnixNano is not a number of nanoseconds';
  if (endedAt === undefined) return 'endTimeUnixNano is not a number of nanoseconds';
  const failed = isObject(status) && status['code'] === 2;
  return {
    traceId: traceId.toLowerCase(),
    spanId: spanId.toLowerCase(),
    ...(isId(parentSpanId, 16) ? { parentSpanId: parentSpanId.toLowerCase() } : {}),
    name: typeof name === 'string' ? name : '',
    kind: KINDS[Number(kind ?? 0)] ?? 'internal',
    service,
    startedAt,
    endedAt,
    attributes: readAttributes(span['attributes']),
    links: objects(span['links']).flatMap((link) => {
      const { traceId: to, spanId: of } = link;
      return isId(to, 32) && isId(of, 16) ? [{ traceId: to.toLowerCase(), spanId: of.toLowerCase() }] : [];
    }),
    ...(failed ? { error: typeof status['message'] === 'string' ? status['message'] : '' } : {}),
  };
}

/** Single values; lists and maps stay JSON. */
function readAttributes(attributes: unknown): CollectedSpan['attributes'] {
  return Object.fromEntries(
    objects(attributes).flatMap(({ key, value }): [string, string | number | boolean][] => {
      if (typeof key !== 'string' || !isObject(value)) return [];
      const { stringValue, intValue, doubleValue, boolValue } = value;
      if (intValue !== undefined || doubleValue !== undefined) return [[key, Number(intValue ?? doubleValue)]];
      const single = stringValue ?? boolValue;
      return [[key, typeof single === 'string' || typeof single === 'boolean' ? single : JSON.stringify(value)]];
    }),
  );
}

/** A 64-bit integer is text in OTLP's JSON; numbers are taken, too. */
function milliseconds(nanoseconds: unknown): number | undefined {
  const text = String(nanoseconds);
  return /^\d{1,20}$/.test(text) ? Number(BigInt(text) / 1_000n) / 1_000 : undefined;
}

function isId(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value);
}

function objects(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
