import {
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  systemIds,
  type AwsCalls,
  type Caller,
  type Engine,
  type InputOf,
  type OperationName,
  type OutputOf,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';
import { createIdentity } from './create-identity';

/** For specs: what the module needs of an engine, with a clock that stands still until it is advanced. */
export function testEngine(store: StateStore, directory = '/nonexistent') {
  const clock = new EngineClock(0, () => Date.UTC(2026, 0, 1));
  const engine: Omit<Engine, 'identity' | 'calls'> = {
    clock,
    ids: systemIds,
    store,
    signals: new Signals(clock),
    log: () => undefined,
    metrics: new CollectedMetrics(),
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:4566',
    directory,
  };
  return { engine, clock };
}

/** For specs: the module behind the kernel's dispatcher, called as an account's admin key unless told otherwise. */
export function testCloud(store: StateStore, directory?: string) {
  const { engine, clock } = testEngine(store, directory);
  const module = createIdentity(engine);
  const dispatcher = new Dispatcher({ ids: engine.ids, store, identity: module.identity });
  for (const service of module.services) dispatcher.register(service);
  const admin = module.identity.resolve('000000000000')?.caller;
  if (!admin) throw new Error('the admin key is unknown');
  const call = <S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    caller: Caller = admin,
  ): Promise<OutputOf<S, Op>> =>
    (dispatcher as AwsCalls).call(service, operation, input, { caller, region: 'us-east-1' });
  return { identity: module.identity, clock, call, admin };
}
