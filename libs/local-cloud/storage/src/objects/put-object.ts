import { refuseAcl } from '../buckets/refuse-acl';
import { CHECKSUM_OPTIONS, checksumOf, nameChecksum } from '../checksums';
import { describeEncryption, ENCRYPTION_OPTIONS } from '../encryption';
import { noSuchKey, refused } from '../errors';
import { MAX_KEY_BYTES, MAX_METADATA_BYTES, MAX_OBJECT_TAGS } from '../limits';
import type { S3Operations, StorageParts } from '../s3';
import { readTagHeader } from '../tags';
import { bytesOf } from './body';
import { checkWriteConditions } from './conditions';
import { describeVersionId, etagOf, HEADER_OPTIONS, readHeaders } from './headers';
import { requiresWrite } from './write-access';

const OPTIONS = [
  ...[...CHECKSUM_OPTIONS, ...ENCRYPTION_OPTIONS, ...HEADER_OPTIONS],
  ...['Key', 'ACL', 'Body', 'ContentLength', 'IfMatch', 'IfNoneMatch', 'Metadata', 'StorageClass', 'Tagging'],
];

/** Objects: put. */
export function putOperations({ buckets, encryption, files, objects }: StorageParts): S3Operations {
  return {
    PutObject: {
      requires: (input) => requiresWrite(buckets, input, true),
      handle: async (input, context) => {
        const opened = buckets.open('PutObject', input, context, OPTIONS);
        const { Key: key = '', Metadata: metadata = {} } = input;
        checkKey(key);
        checkMetadata(metadata);
        if (input.ACL !== undefined) refuseAcl('PutObject', input.ACL, opened.ownership);
        if (input.StorageClass !== undefined) refuseStorageClass(input.StorageClass);
        const bytes = bytesOf(input.Body);
        const checksum = checksumOf(bytes, input);
        const tags = readTagHeader(input.Tagging, MAX_OBJECT_TAGS);
        const sealed = await encryption.seal('PutObject', opened, key, input, context);
        // Looked up again, here and wherever a key was asked for: others may have been at work meanwhile.
        const bucket = buckets.current(opened);
        checkWriteConditions(objects.findVersion(bucket.name, key), key, input, noSuchKey);
        const version = objects.put(bucket, key, {
          file: files.write(bytes),
          size: bytes.byteLength,
          etag: etagOf(bytes),
          headers: readHeaders(input),
          metadata,
          checksum,
          encryption: sealed,
          tags,
        });
        return {
          ETag: version.content.etag,
          ...nameChecksum(checksum),
          ChecksumType: checksum.type,
          ...describeEncryption(sealed),
          ...describeVersionId(version, bucket.versioning),
        };
      },
    },
  };
}

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw refused('KeyTooLongError', 400, 'Your key is too long');
}

/** @throws AwsError MetadataTooLarge */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size > MAX_METADATA_BYTES) {
    throw refused('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size');
  }
}

/** @throws AwsError InvalidStorageClass: objects cost nothing here, wherever they are kept */
export function refuseStorageClass(storageClass: string): void {
  if (storageClass === 'STANDARD') return;
  throw refused('InvalidStorageClass', 400, `The local cloud has the storage class STANDARD only, not ${storageClass}`);
}
