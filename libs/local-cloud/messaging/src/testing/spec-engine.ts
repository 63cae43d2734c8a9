import {
  AwsError,
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type Caller,
  type Engine,
  type HttpRoute,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type Service,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';
import { createMessaging } from '../messaging';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** An engine of messaging alone for specs: in memory, everybody may do everything unless `deny` says otherwise. */
export interface SpecEngine {
  readonly clock: EngineClock;
  readonly store: StateStore;
  readonly signals: Signals;
  readonly metrics: CollectedMetrics;
  /** What messaging serves beside AWS's APIs. */
  readonly routes: readonly HttpRoute[];
  /** Every authorisation asked for, in order. */
  readonly asked: { readonly caller: Caller; readonly requirement: Requirement }[];
  deny(when: (caller: Caller, requirement: Requirement) => boolean): void;
  call<S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    caller?: Caller,
  ): Promise<OutputOf<S, Op>>;
  stop(): Promise<void>;
}

export interface SpecEngineOptions {
  /** What an earlier engine left. */
  readonly store?: StateStore;
  /** Stand-ins for the parts messaging calls: streams, functions, logs. */
  readonly services?: readonly Service<ServiceName>[];
  readonly clock?: EngineClock;
}

export async function startSpecEngine(options: SpecEngineOptions = {}): Promise<SpecEngine> {
  const clock = options.clock ?? new EngineClock();
  const store = options.store ?? new SqliteStore(':memory:');
  const signals = new Signals(clock);
  const asked: SpecEngine['asked'] = [];
  let denied: (caller: Caller, requirement: Requirement) => boolean = () => false;
  const identity: Engine['identity'] = {
    resolve: () => undefined,
    assumeRole: (roleArn, service, session, sourceArn) => ({
      caller: {
        kind: 'role',
        accountId: ACCOUNT,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleArn.split('/').at(-1)}/${session}`,
        userId: `AROA:${session}`,
        roleArn,
        service,
        sourceArn,
      },
      credentials: { accessKeyId: 'ASIA', secretAccessKey: 'secret' },
    }),
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
      for (const requirement of requirements) {
        asked.push({ caller, requirement });
        if (denied(caller, requirement)) {
          throw new AwsError('AccessDeniedException', `${caller.arn} may not ${requirement.action}`, { status: 403 });
        }
      }
    },
  };
  const metrics = new CollectedMetrics();
  const dispatcher = new Dispatcher({ identity, ids: systemIds, store });
  const engine: Engine = {
    clock,
    ids: systemIds,
    store,
    signals,
    identity,
    calls: dispatcher,
    log: () => undefined,
    metrics,
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:4566',
    directory: '/nowhere',
  };
  const module = createMessaging(engine);
  for (const service of [...module.services, ...(options.services ?? [])]) dispatcher.register(service);
  await module.start?.();
  return {
    clock,
    store,
    signals,
    metrics,
    routes: module.routes ?? [],
    asked,
    deny: (when) => void (denied = when),
    call: (service, operation, input, caller = ROOT) =>
      dispatcher.call(service, operation, input, { caller, region: REGION }),
    stop: async () => {
      await module.stop?.();
      clock.stop();
    },
  };
}
