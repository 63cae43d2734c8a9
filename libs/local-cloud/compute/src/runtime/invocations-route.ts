import type { HttpRoute } from '@outbox/local-cloud-kernel';
import type { Executor } from './executor';

const PATH = '/_local/invocations';

/** `GET /_local/invocations` `{"running": {"<function ARN>": n}}`: how many invocations of each function are under way. */
export function invocationsRoute(executor: Pick<Executor, 'running'>): HttpRoute {
  return {
    prefix: PATH,
    handle: (request, response) => {
      const send = (status: number, body: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      if (request.headers.origin !== undefined) send(403, { message: 'Not for browsers' });
      else if (request.method !== 'GET' || request.url !== PATH) {
        send(404, { message: `No such path: ${request.method} ${request.url}` });
      } else send(200, { running: executor.running() });
      return Promise.resolve();
    },
  };
}
