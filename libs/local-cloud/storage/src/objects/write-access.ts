import { requestTagKeys, type Requirement, type Tags } from '@outbox/local-cloud-kernel';
import type { Buckets } from '../buckets/buckets';
import type { EncryptionOptions } from '../encryption';
import { MAX_OBJECT_TAGS } from '../limits';
import { readTagHeader } from '../tags';

/** What of a request that writes an object, or begins to, IAM looks at. */
export interface WriteOptions extends EncryptionOptions {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly ACL?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly Tagging?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

type Conditions = NonNullable<Requirement['conditions']>;

/**
 * What a request needs that writes an object, whichever it is: `s3:PutObject`, and an action more for tags and for an
 * ACL. All of them see the same condition keys. Source: Service authorization reference, "Condition keys for Amazon S3".
 * @param isCreation whether the object is there afterwards: `s3:ObjectCreationOperation`
 * @throws AwsError for tags that no object can have
 */
export function requiresWrite(
  buckets: Pick<Buckets, 'requires'>,
  input: WriteOptions,
  isCreation: boolean,
  more: Conditions = {},
): Requirement[] {
  const { ACL, Bucket, Key = '', Tagging } = input;
  const conditions: Conditions = {
    ...setOnes({
      's3:x-amz-acl': ACL,
      's3:x-amz-server-side-encryption': input.ServerSideEncryption,
      's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
      's3:x-amz-storage-class': input.StorageClass,
      's3:if-match': input.IfMatch,
      's3:if-none-match': input.IfNoneMatch,
    }),
    's3:ObjectCreationOperation': String(isCreation),
    ...objectTagConditions(readTagHeader(Tagging, MAX_OBJECT_TAGS)),
    ...more,
  };
  const actions = [
    'PutObject',
    ...(Tagging === undefined ? [] : ['PutObjectTagging']),
    ...(ACL === undefined ? [] : ['PutObjectAcl']),
  ];
  return actions.map((action) => buckets.requires(action, Bucket, Key, conditions));
}

/** Condition keys of the tags that a request gives an object. Source: S3 user guide, "Tagging and access control policies". */
export function objectTagConditions(tags: Tags): Conditions {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  const pairs = Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]);
  return { ...requestTagKeys(tags), ...Object.fromEntries(pairs), 's3:RequestObjectTagKeys': names };
}

/** Those of some keys that have a value. */
function setOnes(keys: Readonly<Record<string, string | undefined>>): Conditions {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
