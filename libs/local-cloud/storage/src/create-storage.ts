import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { s3, type StorageEngine } from './s3';

/** S3: buckets and their objects. */
export function createStorage(engine: StorageEngine & Pick<Engine, 'directory'>): EngineModule {
  return s3(engine);
}
