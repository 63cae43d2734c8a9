import {
  AwsError,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  systemIds,
  type Caller,
  type Engine,
  type Identity,
  type InputOf,
  type OperationName,
  type OutputOf,
  type Requirement,
  type Service,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';
import { createObservability } from '../create-observability';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const ROOT: Caller = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };

/** For specs: observability alone, its clock standing still until advanced; whoever calls may do everything. */
export function specCloud(store: StateStore, directory: string, others: readonly Service<ServiceName>[] = []) {
  const clock = new EngineClock(0, () => Date.UTC(2026, 0, 1, 0, 0, 10));
  const asked: Requirement[] = [];
  const identity = permissive(asked);
  const dispatcher = new Dispatcher({ identity, ids: systemIds, store });
  const engine: Omit<Engine, 'metrics'> = {
    clock,
    ids: systemIds,
    store,
    signals: new Signals(clock),
    identity,
    calls: dispatcher,
    log: () => undefined,
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:4566',
    directory,
  };
  const module = createObservability(engine);
  for (const service of [...module.services, ...others]) dispatcher.register(service);
  const call = <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
  ): Promise<OutputOf<S, Op>> => dispatcher.call(service, operation, input, { caller: ROOT, region: REGION });
  return { clock, call, asked, module, metrics: module.metrics };
}

function permissive(asked: Requirement[]): Identity {
  return {
    resolve: () => undefined,
    assumeRole: () => {
      throw new AwsError('AccessDenied', 'there are no roles here');
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
    authorize: (_, requirements) => void asked.push(...requirements),
  };
}
