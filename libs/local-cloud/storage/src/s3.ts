import type { Engine, EngineModule, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { absentSettings } from './buckets/absent-settings';
import { bucketOperations } from './buckets/bucket-operations';
import { Buckets } from './buckets/buckets';
import { policyOperations } from './buckets/policy-operations';
import { settingOperations } from './buckets/setting-operations';
import { Encryption } from './encryption';
import { Files } from './files';
import { multipartOperations } from './multipart/multipart-operations';
import { partListOperations } from './multipart/part-lists';
import { Uploads } from './multipart/uploads';
import { copyOperations } from './objects/copy-object';
import { deleteOperations } from './objects/delete-objects';
import { listOperations } from './objects/list-objects';
import { Objects } from './objects/objects';
import { putOperations } from './objects/put-object';
import { readOperations } from './objects/read-object';
import { tagOperations } from './objects/tag-objects';
import { versionListOperations } from './objects/list-versions';

export type S3Operations = Service<'s3'>['operations'];

/** What S3 needs of the engine. */
export type StorageEngine = Pick<Engine, 'calls' | 'clock' | 'directory' | 'identity' | 'ids' | 'store'>;

/** What operations on objects work with. */
export interface StorageParts {
  readonly engine: StorageEngine;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly files: Files;
  readonly encryption: Encryption;
}

/** S3: buckets with policies, versions and encryption, objects of a size that fits into memory, uploads in parts. */
export function s3(engine: StorageEngine): EngineModule {
  const buckets = new Buckets(engine);
  const files = new Files(engine);
  const uploads = new Uploads(engine, files);
  const objects = new Objects(engine, files);
  const parts: StorageParts = { engine, buckets, objects, files, encryption: new Encryption(engine) };
  const service: Service<'s3'> = {
    name: 's3',
    operations: {
      ...bucketOperations(engine, buckets, objects, uploads),
      ...settingOperations(buckets),
      ...absentSettings(buckets),
      ...policyOperations(engine, buckets),
      ...putOperations(parts),
      ...copyOperations(parts),
      ...readOperations(parts),
      ...deleteOperations(parts),
      ...listOperations(parts),
      ...versionListOperations(parts),
      ...tagOperations(parts),
      ...multipartOperations(parts, uploads),
      ...partListOperations(parts, uploads),
    },
  };
  return {
    services: [service] as Service<ServiceName>[],
    start: () => {
      files.keepOnly(new Set([...objects.fileNames(), ...uploads.fileNames()]));
      return Promise.resolve();
    },
  };
}
