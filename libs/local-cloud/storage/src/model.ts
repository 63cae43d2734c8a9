import type { Tags } from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';

/** The four switches that keep a bucket from the public. */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

/** How objects are encrypted that say nothing of it. */
export interface DefaultEncryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  /** As it was given; AWS's own key for S3 where it wasn't. */
  readonly keyId?: string;
  readonly bucketKey: boolean;
}

export interface BucketRecord {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Unset until it is first switched on. */
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly tags: Tags;
  readonly policy?: string;
  readonly publicAccess?: PublicAccessBlock;
  readonly ownership?: Ownership;
  readonly encryption: DefaultEncryption;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64; of parts, with `-` and their number behind. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Headers that an object was put with and is read with. */
export interface ObjectHeaders {
  readonly ContentType: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  /** Epoch milliseconds. */
  readonly Expires?: number;
  readonly WebsiteRedirectLocation?: string;
}

/** What encrypts an object; nothing but its name where AWS's key of S3 itself does. */
export interface ObjectEncryption {
  readonly algorithm: DefaultEncryption['algorithm'];
  readonly keyArn?: string;
  readonly bucketKey?: boolean;
  readonly sealed?: SealedKey;
}

/** What an object holds: its bytes are a file of that name. */
export interface ObjectContent {
  readonly file: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: Checksum;
  readonly encryption: ObjectEncryption;
  readonly tags: Tags;
}

/** One version of an object; without content it is a delete marker. */
export interface ObjectVersion {
  /** `null` for one of a bucket that isn't versioned. */
  readonly versionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly content?: ObjectContent;
}

/** An object with its versions, oldest first; there is one at least. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versions: readonly ObjectVersion[];
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}
