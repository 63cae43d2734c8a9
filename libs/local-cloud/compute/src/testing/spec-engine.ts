import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AwsError,
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type Authenticate,
  type Caller,
  type Engine,
  type HttpRoute,
  type Identity,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type Service,
  type ServiceName,
} from '@outbox/local-cloud-kernel';
import { strToU8, zipSync } from 'fflate';
import { createCompute } from '../compute';
import { SETTLING_MS } from '../lambda/describe';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/test`;

export const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** An engine for specs: the compute part on a real HTTP server, other services as the spec gives them. */
export interface SpecEngine {
  readonly engine: Engine;
  readonly clock: EngineClock;
  readonly metrics: CollectedMetrics;
  /** Permissions that are denied, e.g. `logs:PutLogEvents`. */
  readonly denied: Set<string>;
  /** Every requirement that was evaluated. */
  readonly asked: { readonly caller: Caller; readonly requirement: Requirement }[];
  call<S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
  ): Promise<OutputOf<S, Op>>;
  close(): Promise<void>;
}

export async function startSpecEngine(services: readonly Service<ServiceName>[] = []): Promise<SpecEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'compute-spec-'));
  const clock = new EngineClock();
  const denied = new Set<string>();
  const asked: SpecEngine['asked'] = [];
  const routes: HttpRoute[] = [];
  const server: Server = createServer((request, response) => {
    const route = routes.find((one) => request.url?.startsWith(one.prefix));
    if (route) void route.handle(request, response, specAuthenticate);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store = new SqliteStore(':memory:');
  const identity = specIdentity(denied, asked, clock);
  const metrics = new CollectedMetrics();
  const dispatcher = new Dispatcher({ identity, ids: systemIds, store });
  const engine: Engine = {
    clock,
    ids: systemIds,
    store,
    signals: new Signals(clock),
    identity,
    calls: dispatcher,
    log: () => undefined,
    metrics,
    faults: new FaultPlane(),
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    directory,
  };
  const compute = createCompute(engine);
  routes.push(...(compute.routes ?? []));
  for (const service of [...compute.services, ...services]) dispatcher.register(service);
  await compute.start?.();
  return {
    engine,
    clock,
    metrics,
    denied,
    asked,
    call: (service, operation, input) => dispatcher.call(service, operation, input, { caller: ROOT, region: REGION }),
    async close() {
      await compute.stop?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      clock.stop();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** How long credentials of a role live, in engine milliseconds: twelve hours, as the engine gives them. */
const SESSION_MS = 12 * 3_600_000;

/** Lets everything through but what is denied; roles exist unless their name says `missing`. */
function specIdentity(denied: ReadonlySet<string>, asked: SpecEngine['asked'], clock: EngineClock): Identity {
  return {
    resolve: () => undefined,
    assumeRole(roleArn, _service, sessionName) {
      if (roleArn.includes('missing')) throw new AwsError('AccessDenied', 'not authorized to perform: sts:AssumeRole');
      const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/test/${sessionName}`;
      return {
        caller: { kind: 'role', accountId: ACCOUNT, arn, userId: `AROA:${sessionName}`, roleArn },
        credentials: {
          accessKeyId: `ASIA-${sessionName}`,
          secretAccessKey: 'secret',
          sessionToken: 'token',
          expiresAt: clock.now() + SESSION_MS,
        },
      };
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
    authorize(caller, requirements) {
      for (const requirement of requirements) {
        asked.push({ caller, requirement });
        const byPolicy = caller.kind !== 'service' || requirement.resourcePolicy?.includes(caller.service ?? '');
        if (denied.has(requirement.action) || !byPolicy) {
          throw new AwsError(
            'AccessDeniedException',
            `User: ${caller.arn} is not authorized to perform: ${requirement.action}`,
            { status: 403 },
          );
        }
      }
    },
  };
}

/** Believes the header `x-signed-by`, which names the session of a role, in place of a signature. */
const specAuthenticate: Authenticate = ({ headers }, signingName) => {
  const name = headers['x-signed-by'];
  if (name === undefined || signingName !== 'execute-api') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  }
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/test/${name}`;
  return {
    caller: { kind: 'role', accountId: ACCOUNT, arn, userId: `AROATEST:${name}`, roleArn: ROLE },
    accessKeyId: 'ASIATEST',
  };
};

/** A zip with one file per entry, `index.js` unless named otherwise; of the same code the same bytes at any time. */
export function zip(code: string | Readonly<Record<string, string>>): Uint8Array {
  const files = typeof code === 'string' ? { 'index.js': code } : code;
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  return zipSync(Object.fromEntries(entries), { mtime: '1980-01-01T12:00:00Z' });
}

/** Creates a function and moves the clock until it is active. */
export async function createFunction(
  spec: SpecEngine,
  name: string,
  code: string | Readonly<Record<string, string>>,
  options: Partial<InputOf<'lambda', 'CreateFunction'>> = {},
): Promise<void> {
  await spec.call('lambda', 'CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: zip(code) },
    ...options,
  });
  spec.clock.advance(SETTLING_MS);
}

/** Waits for a condition, at most ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('condition not met in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
