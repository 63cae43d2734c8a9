import { principalOf, type HttpRequest, type Problem } from '@outbox/function-kit';
import type { AggregateRef, LoadedHead } from '@outbox/outbox-dynamodb';
import type { CommandPorts } from './commands';

/** An aggregate of the caller's: its head as it is now. */
export interface Current {
  readonly ref: AggregateRef;
  readonly loaded: LoadedHead;
  /** The caller, whose it is. */
  readonly owner: string;
}

/**
 * The head of the aggregate that a request is about, or 404: there is none, or it is somebody else's.
 *
 * The head is read first, the state afterwards, both strongly consistent. So the state is never older than the head: in
 * the other order a change could be committed after an event that its state doesn't know, and undo what that did. A
 * state that is newer does no harm: the commit ends in a conflict, and a reader has an ETag that the next If-Match fails.
 */
export async function loadCurrent<S>(
  { aggregate, isId, outbox, problems }: CommandPorts<S>,
  request: HttpRequest,
  parameter: string,
): Promise<Current | { readonly problem: Problem }> {
  const id = request.parameters[parameter];
  if (id === undefined || !isId(id)) return { problem: problems.notFound() };
  const ref = { aggregate, id };
  const loaded = await outbox.loadHead(ref);
  const owner = principalOf(request).id;
  return loaded?.head.owner === owner ? { ref, loaded, owner } : { problem: problems.notFound() };
}
