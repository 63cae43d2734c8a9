import { type EngineClock, type Service, type ServiceName, type StateStore } from '@outbox/local-cloud-kernel';
import { specEngine } from '@outbox/local-cloud-testing';
import { createMessaging } from '../messaging';

export { ACCOUNT, REGION, ROOT } from '@outbox/local-cloud-testing';

export interface SpecEngineOptions {
  /** What an earlier engine left. */
  readonly store?: StateStore;
  /** Stand-ins for the parts messaging calls: streams, functions, logs. */
  readonly services?: readonly Service<ServiceName>[];
  readonly clock?: EngineClock;
}

/** An engine of messaging alone for specs: in memory, everybody may do everything unless `deny` says otherwise. */
export type SpecEngine = Awaited<ReturnType<typeof startSpecEngine>>;

export async function startSpecEngine(options: SpecEngineOptions = {}) {
  const engine = specEngine(createMessaging, options);
  await engine.module.start?.();
  return {
    ...engine,
    /** What messaging serves beside AWS's APIs. */
    routes: engine.module.routes ?? [],
    stop: async () => {
      await engine.module.stop?.();
      engine.clock.stop();
    },
  };
}
