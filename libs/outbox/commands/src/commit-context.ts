import { principalOf, type HttpRequest } from '@outbox/function-kit';
import type { CommitContext } from '@outbox/outbox-rules';

/** Ties events to their request: whose it is, and the trace that it is a part of. */
export function contextOf(request: HttpRequest): CommitContext {
  return { ...request.trace, correlationId: request.requestId, owner: principalOf(request).id };
}
