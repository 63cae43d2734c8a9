import {
  AwsError,
  Dispatcher,
  EngineClock,
  SqliteStore,
  systemIds,
  type Caller,
  type Identity,
  type Service,
  type ServiceName,
} from '@outbox/local-cloud-kernel';
import { Api, type ApiPorts } from '../api';
import { WireServer } from '../server';

export const ACCOUNT = '000000000000';

export const CREDENTIALS = { accessKeyId: ACCOUNT, secretAccessKey: 'local' };

const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** The key of a session that is over. */
export const EXPIRED = { accessKeyId: 'ASIAEXPIRED', secretAccessKey: 'local', sessionToken: 'token' };

/** Knows one key and one that has expired, and allows everything but the action `spec:Forbidden`. */
const IDENTITY: Identity = {
  resolve: (accessKeyId) =>
    [ACCOUNT, EXPIRED.accessKeyId].includes(accessKeyId)
      ? { caller: ROOT, secretAccessKey: 'local', expired: accessKeyId !== ACCOUNT }
      : undefined,
  assumeRole: () => {
    throw new AwsError('AccessDenied', 'no roles in this spec');
  },
  servicePrincipal: (service, accountId, sourceArn) => ({
    kind: 'service',
    accountId,
    arn: service,
    userId: service,
    service,
    sourceArn,
  }),
  resourcePolicyProblem: () => undefined,
  authorize: (caller, requirements) => {
    const denied = requirements.find(({ action }) => action === 'spec:Forbidden');
    if (!denied) return;
    throw new AwsError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${denied.action}`, {
      status: 403,
    });
  },
};

export interface SpecServer {
  readonly endpoint: string;
  readonly clock: EngineClock;
  /** Error lines of the engine log: defects. */
  readonly defects: string[];
  close(): Promise<void>;
}

/** The wire over a real port with the given services behind it. */
export async function startSpecServer(
  services: readonly Service<ServiceName>[],
  options: Pick<ApiPorts, 'fallback' | 'onCall'> = {},
): Promise<SpecServer> {
  const clock = new EngineClock();
  const store = new SqliteStore(':memory:');
  const dispatcher = new Dispatcher({ identity: IDENTITY, ids: systemIds, store });
  services.forEach((service) => dispatcher.register(service));
  const defects: string[] = [];
  const server = new WireServer((level, message, fields) => {
    if (level === 'error') defects.push(`${message} ${JSON.stringify(fields)}`);
  });
  const port = await server.listen(0);
  server.use({
    routes: [],
    api: new Api({
      clock,
      ids: systemIds,
      identity: IDENTITY,
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
