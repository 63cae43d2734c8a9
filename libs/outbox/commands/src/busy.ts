import { isUnavailable, type HttpRoute } from '@outbox/function-kit';
import type { CommandProblems } from './problems';

/** A read that DynamoDB has no time or no answer for is 503 like a write; only defects are 500. */
export function busyIsNoFault(problems: CommandProblems, route: HttpRoute): HttpRoute {
  return async (request) => {
    try {
      return await route(request);
    } catch (error) {
      if (isUnavailable(error)) return { problem: problems.busy() };
      throw error;
    }
  };
}
