import { principalOf, withoutRepeats, type HttpRequest } from '@outbox/function-kit';
import type { CommitContext } from '@outbox/outbox-rules';

/** W3C Trace Context: version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Ties events to their request: whose it is, and the trace context the caller sent. Where that is missing, invalid or
 * ambiguous, a trace starts here: tracing never refuses a request. Source: W3C Trace Context, 3.2 and 4.3.
 */
export function contextOf(request: HttpRequest, random: (bytes: number) => Uint8Array): CommitContext {
  const sent = withoutRepeats(request.headerList('traceparent') ?? '');
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return {
    correlationId: request.requestId,
    owner: principalOf(request).id,
    traceparent: TRACEPARENT.test(sent) ? sent : `00-${hex(16)}-${hex(8)}-01`,
  };
}
