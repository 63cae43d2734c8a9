import { tmpdir } from 'node:os';
import {
  CollectedMetrics,
  Dispatcher,
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type Engine,
  type Identity,
} from '@outbox/local-cloud-kernel';
import { PARTS } from './modules';

/** The parts of the engine, created and never started, with what calls their services. */
export function idleParts() {
  const clock = new EngineClock();
  const engine: Engine = {
    clock,
    store: new SqliteStore(':memory:'),
    ids: systemIds,
    signals: new Signals(clock),
    log: () => undefined,
    metrics: new CollectedMetrics(),
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:0',
    directory: tmpdir(),
    get identity(): Identity {
      return first.identity;
    },
    get calls(): Dispatcher {
      return dispatcher;
    },
  };
  const first = PARTS.identity(engine);
  const dispatcher: Dispatcher = new Dispatcher(engine);
  const modules = [first, PARTS.observability(engine), ...PARTS.services.map((create) => create(engine))];
  for (const service of modules.flatMap((part) => part.services)) dispatcher.register(service);
  return { dispatcher, identity: first.identity };
}
