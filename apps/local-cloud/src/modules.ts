import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createCompute } from '@outbox/local-cloud-compute';
import { createData } from '@outbox/local-cloud-data';
import { createIdentity, type RecordingIdentity } from '@outbox/local-cloud-identity';
import { createMessaging } from '@outbox/local-cloud-messaging';

/** The parts the engine is made of: identity, which everything else asks, then the services in the order they start. */
export interface Parts {
  readonly identity: (engine: Engine) => EngineModule & { readonly identity: RecordingIdentity };
  readonly services: ReadonlyArray<(engine: Engine) => EngineModule>;
}

export const PARTS: Parts = {
  identity: createIdentity,
  services: [createData, createMessaging, createCompute],
};
