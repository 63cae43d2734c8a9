import type { Engine, EngineModule, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { s3, type StorageEngine } from './s3';

/** S3: buckets and their objects. */
export function createStorage(engine: StorageEngine & Pick<Engine, 'directory'>): EngineModule {
  return { services: [s3(engine)] as Service<ServiceName>[] };
}
