/**
 * W3C trace context under the names of its HTTP headers, so that `{ ...trace }` is what a request passes on.
 * Empty where there is none.
 */
export interface TraceContext {
  readonly traceparent?: string;
  /** What vendors keep with it; never without `traceparent`. */
  readonly tracestate?: string;
}

/** What `traceparent` says. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that the next ones are children of. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** W3C Trace Context, 3.2: version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})$/;

/** Characters of `tracestate` that everybody has to pass on (W3C Trace Context, 3.3.1.5); a longer one may be dropped. */
const MAX_TRACESTATE = 512;

/** Reads `traceparent`; undefined when it is missing or invalid, which is never worth refusing anything for. */
export function readTraceparent(text: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags = ''] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes `traceparent`, in version 00. */
export function writeTraceparent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`;
}

/** The trace context that a request came with; empty when it has none that is valid. Source: W3C Trace Context, 3.3, 4.3. */
export function traceContextOf(traceparent: string | undefined, tracestate: string | undefined): TraceContext {
  if (!readTraceparent(traceparent)) return {};
  const passed = tracestate?.trim() ?? '';
  const isPassed = passed !== '' && passed.length <= MAX_TRACESTATE && /^[\x20-\x7e]*$/.test(passed);
  return { traceparent, ...(isPassed ? { tracestate: passed } : {}) };
}

/** Nothing but the trace context of what may hold more, such as an event. */
export function pickTrace({ traceparent, tracestate }: TraceContext): TraceContext {
  if (traceparent === undefined) return {};
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}

/** The context of a trace that starts here. */
export function newTraceContext(random: (bytes: number) => Uint8Array): TraceContext {
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return { traceparent: writeTraceparent({ traceId: hex(16), spanId: hex(8), isSampled: true }) };
}

/** The trace's id, for log lines: `{}` where there is no trace. */
export function traceFields({ traceparent }: TraceContext): { readonly traceId?: string } {
  const parent = readTraceparent(traceparent);
  return parent ? { traceId: parent.traceId } : {};
}
