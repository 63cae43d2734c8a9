import type { Engine, EngineModule, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { parameterStore } from './parameters/parameter-store';
import { secretsManager } from './secrets/secrets-manager';

/** SSM's Parameter Store, and Secrets Manager. */
export function createConfiguration(
  engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'log' | 'store' | 'identity'>,
): EngineModule {
  return { services: [parameterStore(engine), secretsManager(engine)] as Service<ServiceName>[] };
}
