import { callerVia, unsupported, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import { ServiceKeys } from '@outbox/local-cloud-keys';
import { invalidArgument } from './errors';
import { bucketArn, objectArn, type BucketRecord, type ObjectEncryption } from './model';

/** How an object asks to be encrypted. */
export interface EncryptionOptions {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

/** Members of inputs that `Encryption.seal` reads. */
export const ENCRYPTION_OPTIONS = ['ServerSideEncryption', 'SSEKMSKeyId', 'BucketKeyEnabled'];

const DEFAULT_KEY = 'alias/aws/s3';

/**
 * The keys of objects. Source: S3 user guide, "Using server-side encryption with AWS KMS keys": who puts an object needs
 * `kms:GenerateDataKey`, who gets it `kms:Decrypt`, under the object's ARN or, with a bucket key, the bucket's.
 */
export class Encryption {
  readonly #keys: ServiceKeys;

  constructor(private readonly engine: Pick<Engine, 'calls'>) {
    this.#keys = new ServiceKeys(engine, 's3');
  }

  /** Encryption of a new object: as it asks for, else as its bucket has it. @throws AwsError those of KMS, too */
  async seal(
    operation: string,
    bucket: BucketRecord,
    key: string,
    asked: EncryptionOptions,
    context: RequestContext,
  ): Promise<ObjectEncryption> {
    const { algorithm, keyId, bucketKey } = choose(operation, bucket, asked);
    if (algorithm === 'AES256') return { algorithm };
    const subject = { 'aws:s3:arn': bucketKey ? bucketArn(bucket.name) : objectArn(bucket.name, key) };
    const { CiphertextBlob, KeyId } = await this.engine.calls.call(
      'kms',
      'GenerateDataKey',
      { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: subject },
      { caller: callerVia(context.caller, 's3', context.region), region: context.region },
    );
    const sealed = { sealed: Buffer.from(CiphertextBlob ?? []).toString('base64'), context: subject };
    return { algorithm, keyArn: KeyId ?? keyId, bucketKey, sealed };
  }

  /** @throws AwsError where the caller may not use the object's key */
  async open({ sealed }: ObjectEncryption, context: RequestContext): Promise<void> {
    if (sealed) await this.#keys.open(sealed, context);
  }
}

/** Encryption as outputs have it. */
export function describeEncryption({ algorithm, keyArn, bucketKey }: ObjectEncryption) {
  return {
    ServerSideEncryption: algorithm,
    ...(keyArn === undefined ? {} : { SSEKMSKeyId: keyArn }),
    ...(bucketKey === true ? { BucketKeyEnabled: true } : {}),
  };
}

function choose(operation: string, { encryption }: BucketRecord, asked: EncryptionOptions) {
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId, BucketKeyEnabled } = asked;
  if (algorithm !== undefined && algorithm !== 'AES256' && algorithm !== 'aws:kms') {
    throw unsupported('s3', operation, `the encryption ${algorithm}`);
  }
  if (keyId !== undefined && algorithm !== 'aws:kms') {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      algorithm ?? 'null',
    );
  }
  const isBucketsKey = keyId === undefined && encryption.algorithm === 'aws:kms';
  return {
    algorithm: algorithm ?? encryption.algorithm,
    keyId: keyId ?? (isBucketsKey ? encryption.keyId : undefined) ?? DEFAULT_KEY,
    bucketKey: BucketKeyEnabled ?? encryption.bucketKey,
  };
}
