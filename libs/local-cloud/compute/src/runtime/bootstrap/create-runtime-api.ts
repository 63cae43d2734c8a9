import type { NodeModules, RuntimeApi } from './types';

/**
 * The Runtime API over one kept-alive connection.
 * @param address AWS_LAMBDA_RUNTIME_API: host, port and path of this environment
 */
export function createRuntimeApi({ http }: NodeModules, address: string): RuntimeApi {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const base = new URL(`http://${address}/2018-06-01/runtime/`);

  function send(
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<{ readonly headers: import('node:http').IncomingHttpHeaders; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(body);
      const request = http.request(
        {
          agent,
          method,
          hostname: base.hostname,
          port: base.port,
          path: base.pathname + path,
          headers: { ...headers, 'content-length': String(bytes.length) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      request.on('error', reject);
      request.end(bytes);
    });
  }

  const usage = (): Record<string, string> => ({
    'content-type': 'application/json',
    'local-cloud-max-memory-kb': String(process.resourceUsage().maxRSS),
  });

  return {
    async next() {
      const { headers, body } = await send('GET', 'invocation/next', {}, '');
      const header = (name: string): string | undefined => {
        const value = headers[name];
        return typeof value === 'string' && value !== '' ? value : undefined;
      };
      return {
        requestId: header('lambda-runtime-aws-request-id') ?? '',
        deadlineMs: Number(header('lambda-runtime-deadline-ms')),
        invokedArn: header('lambda-runtime-invoked-function-arn') ?? '',
        traceId: header('lambda-runtime-trace-id'),
        clientContext: header('lambda-runtime-client-context'),
        clockOffsetMs: Number(header('local-cloud-clock-offset-ms') ?? 0),
        body,
      };
    },
    async respond(requestId, body) {
      await send('POST', `invocation/${requestId}/response`, usage(), body);
    },
    async fail(requestId, error) {
      const path = requestId === undefined ? 'init/error' : `invocation/${requestId}/error`;
      await send('POST', path, usage(), JSON.stringify(error));
    },
  };
}
