import type { Engine, EngineModule, Metrics } from '@outbox/local-cloud-kernel';
import { createCompute } from '@outbox/local-cloud-compute';
import { createConfiguration } from '@outbox/local-cloud-configuration';
import { createData, type TableEngineName } from '@outbox/local-cloud-data';
import { createIdentity, type RecordingIdentity } from '@outbox/local-cloud-identity';
import { createMessaging } from '@outbox/local-cloud-messaging';
import { createObservability } from '@outbox/local-cloud-observability';
import { createStorage } from '@outbox/local-cloud-storage';
import { DEFAULT_TABLES } from './options';

/**
 * The parts the engine is made of: identity, which everything else asks, observability, which everything else
 * reports to, then the services in the order they start.
 */
export interface Parts {
  readonly identity: (engine: Engine) => EngineModule & { readonly identity: RecordingIdentity };
  readonly observability: (engine: Engine) => EngineModule & { readonly metrics: Metrics };
  readonly services: ReadonlyArray<(engine: Engine) => EngineModule>;
}

/** The parts, with tables in the engine of that name. */
export function partsWith(tables: TableEngineName): Parts {
  return {
    identity: createIdentity,
    observability: createObservability,
    services: [
      createConfiguration,
      createStorage,
      (engine) => createData(engine, tables),
      createMessaging,
      createCompute,
    ],
  };
}

export const PARTS = partsWith(DEFAULT_TABLES);
