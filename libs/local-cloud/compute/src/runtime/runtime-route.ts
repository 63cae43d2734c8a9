import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from '@outbox/local-cloud-kernel';
import type { Environment } from './environment';
import type { Executor } from './executor';

const PATH =
  /^\/_runtime\/([a-z0-9]+)\/2018-06-01\/runtime\/(invocation\/next|init\/error|invocation\/([^/]+)\/(response|error))$/;

/**
 * The Runtime API of every environment: `/_runtime/<environment>/2018-06-01/runtime/…`.
 * Source: Lambda developer guide, runtimes-api.
 */
export function runtimeRoute(executor: Executor): HttpRoute {
  return {
    prefix: '/_runtime/',
    async handle(request, response) {
      const [, id, action, requestId, kind] = PATH.exec(request.url ?? '') ?? [];
      const environment = executor.environment(id ?? '');
      if (!environment || action === undefined) {
        answer(response, 404, { errorType: 'NotFound', errorMessage: 'No such environment or path' });
        return;
      }
      if (action === 'invocation/next') {
        environment.onNext(response);
        return;
      }
      await take(environment, request, response, requestId, kind);
    },
  };
}

async function take(
  environment: Environment,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string | undefined,
  kind: string | undefined,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (requestId === undefined) {
    environment.onInitError(body);
  } else if (
    !environment.onAnswer(requestId, body, kind === 'error', Number(request.headers['local-cloud-max-memory-kb']) || 0)
  ) {
    answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    return;
  }
  answer(response, 202, { status: 'OK' });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
