import { tmpdir } from 'node:os';
import {
  EngineClock,
  FaultPlane,
  Signals,
  SqliteStore,
  systemIds,
  type AwsCalls,
  type Engine,
} from '@outbox/local-cloud-kernel';
import { PARTS } from '../modules';

/** For specs: the services of every part, created and never started. */
export function services() {
  const clock = new EngineClock();
  const base = {
    clock,
    store: new SqliteStore(':memory:'),
    ids: systemIds,
    signals: new Signals(clock),
    log: () => undefined,
    faults: new FaultPlane(),
    origin: 'http://127.0.0.1:0',
    directory: tmpdir(),
  };
  const engine: Engine = {
    ...base,
    get identity() {
      return identity.identity;
    },
    get calls(): AwsCalls {
      throw new Error('nothing is called here');
    },
  };
  const identity = PARTS.identity(engine);
  return [identity, ...PARTS.services.map((create) => create(engine))].flatMap((part) => part.services);
}
