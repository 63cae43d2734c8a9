import type { HttpAnswer, HttpRequest } from '@outbox/function-kit';
import { aggregateAnswer } from './answer';
import type { CommandPorts } from './commands';
import { loadCurrent } from './current';

/** Shows an aggregate to its owner. */
export async function readRoute<S, A extends string>(
  ports: CommandPorts<S, A>,
  parameter: string,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const current = await loadCurrent(ports, request, parameter);
  if ('problem' in current) return current;
  const { ref, loaded } = current;
  const state = await ports.load(ref.id);
  if (state === undefined) return { problem: ports.problems.notFound() };
  return aggregateAnswer({ status: 200, location: '' }, loaded.head.lastSequence, JSON.stringify(state));
}
