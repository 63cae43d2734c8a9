import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { refuseAcl } from '../buckets/refuse-acl';
import { CHECKSUM_OPTIONS, checksumOf, digest, nameChecksum, readAlgorithm } from '../checksums';
import { describeEncryption, ENCRYPTION_OPTIONS, type EncryptionOptions } from '../encryption';
import { invalidArgument, malformedXml, noSuchKey, refused } from '../errors';
import { MAX_OBJECT_TAGS, MAX_PARTS, MIN_PART_BYTES } from '../limits';
import type { Checksum } from '../model';
import { bytesOf } from '../objects/body';
import { checkWriteConditions } from '../objects/conditions';
import { describeVersionId, etagOf, HEADER_OPTIONS, readHeaders } from '../objects/headers';
import { checkKey, checkMetadata, refuseStorageClass } from '../objects/put-object';
import { requiresWrite } from '../objects/write-access';
import type { S3Operations, StorageParts } from '../s3';
import { readTagHeader } from '../tags';
import type { PartRecord, UploadRecord, Uploads } from './uploads';

/** Objects that come in parts, as SDKs send what is larger than a few megabytes. */
export function multipartOperations(storage: StorageParts, uploads: Uploads): S3Operations {
  const { buckets, encryption, engine, files, objects } = storage;
  /** A part is encrypted as its upload began: a policy that demands that sees it. */
  const encryptionOf = (id = ''): EncryptionOptions => {
    const found = uploads.find(id)?.encryption;
    return found ? { ServerSideEncryption: found.algorithm, SSEKMSKeyId: found.keyArn } : {};
  };
  return {
    CreateMultipartUpload: {
      requires: (input) => requiresWrite(buckets, input, false),
      handle: async (input, context) => {
        const bucket = buckets.open('CreateMultipartUpload', input, context, [
          ...[...ENCRYPTION_OPTIONS, ...HEADER_OPTIONS, 'Key', 'ACL', 'ChecksumAlgorithm', 'ChecksumType'],
          ...['Metadata', 'StorageClass', 'Tagging'],
        ]);
        const { Key: key = '', Metadata: metadata = {} } = input;
        checkKey(key);
        checkMetadata(metadata);
        if (input.ACL !== undefined) refuseAcl('CreateMultipartUpload', input.ACL, bucket.ownership);
        if (input.StorageClass !== undefined) refuseStorageClass(input.StorageClass);
        const algorithm = readAlgorithm('CreateMultipartUpload', input.ChecksumAlgorithm);
        const checksumType = input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
        const upload: UploadRecord = {
          ...{ id: engine.ids.token(64), bucket: bucket.name, key, at: engine.clock.now(), parts: [] },
          ...{ algorithm, checksumType, namesAlgorithm: input.ChecksumAlgorithm !== undefined },
          ...{ metadata, headers: readHeaders(input) },
          tags: readTagHeader(input.Tagging, MAX_OBJECT_TAGS),
          encryption: await encryption.seal('CreateMultipartUpload', bucket, key, input, context),
        };
        buckets.current(bucket);
        uploads.save(upload);
        return {
          ...{ Bucket: bucket.name, Key: key, UploadId: upload.id },
          ...(input.ChecksumAlgorithm === undefined
            ? {}
            : { ChecksumAlgorithm: algorithm, ChecksumType: checksumType }),
          ...describeEncryption(upload.encryption),
        };
      },
    },
    UploadPart: {
      requires: ({ Bucket, Key, UploadId }) =>
        requiresWrite(buckets, { Bucket, Key, ...encryptionOf(UploadId) }, false),
      handle: async (input, context) => {
        const options = [...CHECKSUM_OPTIONS, 'Key', 'Body', 'ContentLength', 'PartNumber', 'UploadId'];
        const bucket = buckets.open('UploadPart', input, context, options);
        const { encryption: sealed } = uploads.get(bucket.name, input.Key, input.UploadId);
        const { PartNumber: number = 0 } = input;
        if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
          const message = `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`;
          throw invalidArgument(message, 'partNumber', String(number));
        }
        const bytes = bytesOf(input.Body);
        checksumOf(bytes, input);
        await encryption.open(sealed, context);
        const upload = uploads.get(bucket.name, input.Key, input.UploadId);
        const checksum = digest(upload.algorithm, bytes).toString('base64');
        const etag = etagOf(bytes);
        const at = engine.clock.now();
        uploads.putPart(upload, { number, file: files.write(bytes), size: bytes.byteLength, etag, checksum, at });
        return {
          ETag: etag,
          ...nameChecksum({ algorithm: upload.algorithm, value: checksum }),
          ...describeEncryption(upload.encryption),
        };
      },
    },
    CompleteMultipartUpload: {
      requires: ({ Bucket, Key, UploadId, IfMatch, IfNoneMatch }) =>
        requiresWrite(buckets, { Bucket, Key, IfMatch, IfNoneMatch, ...encryptionOf(UploadId) }, true),
      handle: async (input, context) => {
        const opened = buckets.open('CompleteMultipartUpload', input, context, [
          ...[...CHECKSUM_OPTIONS, 'Key', 'UploadId', 'MultipartUpload', 'ChecksumType', 'MpuObjectSize'],
          ...['IfMatch', 'IfNoneMatch'],
        ]);
        await encryption.open(uploads.get(opened.name, input.Key, input.UploadId).encryption, context);
        const bucket = buckets.current(opened);
        const upload = uploads.get(bucket.name, input.Key, input.UploadId);
        const chosen = chooseParts(upload, input.MultipartUpload?.Parts ?? []);
        checkWriteConditions(objects.findVersion(bucket.name, upload.key), upload.key, input, noSuchKey);
        const bytes = Buffer.concat(chosen.map(({ file }) => files.read(file)));
        if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== bytes.byteLength) {
          throw refused('InvalidRequest', 400, 'The object size doesn’t match the sum of the sizes of its parts');
        }
        const checksum = wholeChecksum(upload, chosen, bytes);
        const version = objects.put(bucket, upload.key, {
          ...{ file: files.write(bytes), size: bytes.byteLength, etag: wholeEtag(chosen), checksum },
          ...{ headers: upload.headers, metadata: upload.metadata, tags: upload.tags, encryption: upload.encryption },
        });
        uploads.end(upload);
        return {
          ...{ Bucket: bucket.name, Key: upload.key, ETag: version.content.etag },
          Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(upload.key)}`,
          ...nameChecksum(checksum),
          ChecksumType: checksum.type,
          ...describeEncryption(upload.encryption),
          ...describeVersionId(version, bucket.versioning),
        };
      },
    },
    AbortMultipartUpload: {
      requires: ({ Bucket, Key = '' }) => [buckets.requires('AbortMultipartUpload', Bucket, Key)],
      handle: (input, context) => {
        const bucket = buckets.open('AbortMultipartUpload', input, context, ['Key', 'UploadId']);
        uploads.end(uploads.get(bucket.name, input.Key, input.UploadId));
        return {};
      },
    },
  };
}

/** @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall */
function chooseParts(upload: UploadRecord, completed: readonly CompletedPart[]): readonly PartRecord[] {
  if (completed.length === 0) throw malformedXml();
  const chosen = completed.map(({ ETag = '', PartNumber }) => {
    const part = upload.parts.find(({ number }) => number === PartNumber);
    if (part && part.etag.replace(/"/g, '') === ETag.replace(/"/g, '')) return part;
    throw refused(
      'InvalidPart',
      400,
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    );
  });
  if (chosen.some(({ number }, index) => number <= (chosen[index - 1]?.number ?? 0))) {
    throw refused(
      'InvalidPartOrder',
      400,
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  if (chosen.slice(0, -1).some(({ size }) => size < MIN_PART_BYTES)) {
    throw refused('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
  }
  return chosen;
}

/** The tag of an object of parts is no digest of its bytes: of its parts' digests, and how many they are. */
function wholeEtag(parts: readonly PartRecord[]): string {
  const digests = parts.map(({ etag }) => Buffer.from(etag.replace(/"/g, ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`;
}

/** Source: S3 user guide, "Checking object integrity for multipart uploads". */
function wholeChecksum(upload: UploadRecord, parts: readonly PartRecord[], bytes: Buffer): Checksum {
  const { algorithm, checksumType: type } = upload;
  if (type === 'FULL_OBJECT') return { algorithm, type, value: digest(algorithm, bytes).toString('base64') };
  const sums = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64')));
  return { algorithm, type, value: `${digest(algorithm, sums).toString('base64')}-${parts.length}` };
}
