import type { EngineClock, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { ACCOUNT, ROOT, specEngine } from '@outbox/local-cloud-testing';
import { Api, type ApiPorts } from '../api';
import { WireServer } from '../server';

export { ACCOUNT } from '@outbox/local-cloud-testing';

export const CREDENTIALS = { accessKeyId: ACCOUNT, secretAccessKey: 'local' };

/** The key of a session that is over. */
export const EXPIRED = { accessKeyId: 'ASIAEXPIRED', secretAccessKey: 'local', sessionToken: 'token' };

export interface SpecServer {
  readonly endpoint: string;
  readonly clock: EngineClock;
  /** Error lines of the engine log: defects. */
  readonly defects: string[];
  close(): Promise<void>;
}

/** The wire over a real port with the given services behind it: it knows one key and one that has expired, and allows everything but the action `spec:Forbidden`. */
export async function startSpecServer(
  services: readonly Service<ServiceName>[],
  options: Pick<ApiPorts, 'fallback' | 'onCall'> = {},
): Promise<SpecServer> {
  const { engine, clock, store, dispatcher, deny } = specEngine(() => ({ services }), {
    identity: {
      resolve: (accessKeyId) =>
        [ACCOUNT, EXPIRED.accessKeyId].includes(accessKeyId)
          ? { caller: ROOT, secretAccessKey: 'local', expired: accessKeyId !== ACCOUNT }
          : undefined,
    },
  });
  deny((_, { action }) => action === 'spec:Forbidden');
  const defects: string[] = [];
  const server = new WireServer((level, message, fields) => {
    if (level === 'error') defects.push(`${message} ${JSON.stringify(fields)}`);
  });
  const port = await server.listen(0);
  server.use({
    routes: [],
    api: new Api({
      clock,
      ids: engine.ids,
      identity: engine.identity,
      dispatcher,
      realNow: Date.now,
      ...options,
      log: (level, message, fields) => {
        if (level === 'error') defects.push(`${message} ${JSON.stringify(fields)}`);
      },
    }),
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    clock,
    defects,
    close: async () => {
      await server.close();
      clock.stop();
      store.close();
    },
  };
}

/**
 * A service of one operation that remembers what it was given and answers (or throws) what it is told.
 * The specs' stand-in for the engine's services: what is tested is the wire between an SDK and a handler.
 */
export function recording(
  name: ServiceName,
  operation: string,
  answer: (input: unknown) => unknown,
): {
  readonly service: Service<ServiceName>;
  readonly inputs: unknown[];
} {
  const inputs: unknown[] = [];
  const handle = (input: unknown): unknown => {
    inputs.push(input);
    return answer(input);
  };
  const service = {
    name,
    operations: { [operation]: { requires: () => [], handle } },
  } as unknown as Service<ServiceName>;
  return { service, inputs };
}
