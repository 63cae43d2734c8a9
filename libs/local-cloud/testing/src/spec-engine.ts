import {
  AwsError,
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  injectFaults,
  servicePrincipal,
  Signals,
  SqliteStore,
  systemIds,
  type Caller,
  type Engine,
  type EngineModule,
  type Identity,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type Service,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** How long credentials of a role live: twelve hours, as the engine gives them. */
const SESSION_MS = 12 * 3_600_000;

/** A permission that was evaluated. */
export interface Asked {
  readonly caller: Caller;
  readonly requirement: Requirement;
}

export interface SpecEngineOptions {
  /** What an earlier engine left; in memory and empty unless told. */
  readonly store?: StateStore;
  /** Runs unless told. */
  readonly clock?: EngineClock;
  /** For files; there is none unless told. */
  readonly directory?: string;
  readonly origin?: string;
  /** Stand-ins for the services the module calls. */
  readonly services?: readonly Service<ServiceName>[];
  /** Where it differs from one that lets everybody do everything. */
  readonly identity?: Partial<Identity>;
}

/**
 * One module of the engine alone, not started, behind the kernel's dispatcher. Everybody may do everything, unless
 * `deny` says otherwise or the module has an identity of its own; roles exist unless their name says `missing`.
 */
export function specEngine<M extends EngineModule & { readonly identity?: Identity }>(
  create: (engine: Engine) => M,
  options: SpecEngineOptions = {},
) {
  const clock = options.clock ?? new EngineClock();
  const store = options.store ?? new SqliteStore(':memory:');
  const signals = new Signals(clock);
  const metrics = new CollectedMetrics();
  const faults: FaultPlane = new FaultPlane(() => dispatcher.services());
  const asked: Asked[] = [];
  let isDenied: (caller: Caller, requirement: Requirement) => boolean = () => false;
  const permissive: Identity = {
    resolve: () => undefined,
    assumeRole: (roleArn, service, session, sourceArn) => {
      if (roleArn.includes('missing')) throw new AwsError('AccessDenied', 'not authorized to perform: sts:AssumeRole');
      const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${roleArn.split('/').at(-1)}/${session}`;
      return {
        caller: { kind: 'role', accountId: ACCOUNT, arn, userId: `AROA:${session}`, roleArn, service, sourceArn },
        credentials: {
          accessKeyId: `ASIA-${session}`,
          secretAccessKey: 'secret',
          sessionToken: 'token',
          expiresAt: clock.now() + SESSION_MS,
        },
      };
    },
    servicePrincipal,
    resourcePolicyProblem: () => undefined,
    authorize: (caller, requirements) => {
      for (const requirement of requirements) {
        asked.push({ caller, requirement });
        if (!isDenied(caller, requirement)) continue;
        const message = `User: ${caller.arn} is not authorized to perform: ${requirement.action}`;
        throw new AwsError('AccessDeniedException', message, { status: 403 });
      }
    },
    ...options.identity,
  };
  let identity = permissive;
  const engine: Engine = {
    clock,
    ids: systemIds,
    store,
    signals,
    log: () => undefined,
    metrics,
    faults,
    origin: options.origin ?? 'http://127.0.0.1:4566',
    directory: options.directory ?? '/nowhere',
    get identity() {
      return identity;
    },
    get calls() {
      return dispatcher;
    },
  };
  const dispatcher: Dispatcher = new Dispatcher(engine, injectFaults(faults, clock));
  const module = create(engine);
  identity = module.identity ?? permissive;
  for (const service of [...module.services, ...(options.services ?? [])]) dispatcher.register(service);
  const call = <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    caller: Caller = ROOT,
  ): Promise<OutputOf<S, Op>> => dispatcher.call(service, operation, input, { caller, region: REGION });
  return {
    engine,
    module,
    dispatcher,
    clock,
    store,
    signals,
    metrics,
    faults,
    asked,
    /** Denies what `when` says from now on. */
    deny: (when: typeof isDenied) => void (isDenied = when),
    call,
  };
}
