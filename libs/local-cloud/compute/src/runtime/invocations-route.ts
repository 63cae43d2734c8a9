import { readRoute, type HttpRoute } from '@outbox/local-cloud-kernel';
import type { Executor } from './executor';

/** `GET /_local/invocations` `{"running": {"<function ARN>": n}}`: how many invocations of each function are under way. */
export function invocationsRoute(executor: Pick<Executor, 'running'>): HttpRoute {
  return readRoute('/_local/invocations', () => [200, { running: executor.running() }]);
}
