import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { refuseAcl } from '../buckets/refuse-acl';
import { digest, nameChecksum, readAlgorithm } from '../checksums';
import { describeEncryption, ENCRYPTION_OPTIONS } from '../encryption';
import { invalidArgument, invalidRequest, preconditionFailed } from '../errors';
import type { S3Operations, StorageParts } from '../s3';
import { MAX_OBJECT_TAGS } from '../limits';
import { readTagHeader } from '../tags';
import { matches } from './conditions';
import { findObject, requiresObject, type OnObject } from './find-object';
import { describeVersionId, etagOf, HEADER_OPTIONS, readHeaders } from './headers';
import type { FoundObject } from './objects';
import { checkKey, checkMetadata, refuseStorageClass } from './put-object';
import { requiresWrite } from './write-access';

const OPTIONS = [
  ...[...ENCRYPTION_OPTIONS, ...HEADER_OPTIONS, 'Key', 'ACL', 'CopySource', 'CopySourceIfMatch'],
  ...['CopySourceIfModifiedSince', 'CopySourceIfNoneMatch', 'CopySourceIfUnmodifiedSince', 'ChecksumAlgorithm'],
  ...['ExpectedSourceBucketOwner', 'Metadata', 'MetadataDirective', 'StorageClass', 'Tagging', 'TaggingDirective'],
];

/** Objects: copied. */
export function copyOperations(parts: StorageParts): S3Operations {
  const { buckets, encryption, engine, files, objects } = parts;
  return {
    CopyObject: {
      requires: (input) => {
        const { Tagging, TaggingDirective, MetadataDirective, ...options } = input;
        return [
          requiresObject(parts, 'GetObject', readSource(input.CopySource)),
          ...requiresWrite(
            buckets,
            { ...options, Tagging: TaggingDirective === 'REPLACE' ? (Tagging ?? '') : undefined },
            true,
            {
              's3:x-amz-copy-source': input.CopySource ?? '',
              ...(MetadataDirective === undefined ? {} : { 's3:x-amz-metadata-directive': MetadataDirective }),
            },
          ),
        ];
      },
      handle: async (input, context) => {
        const opened = buckets.open('CopyObject', input, context, OPTIONS);
        const { Key: key = '' } = input;
        const source = readSource(input.CopySource);
        const from = buckets.open(
          'CopyObject',
          { Bucket: source.Bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner },
          context,
        );
        checkKey(key);
        if (input.ACL !== undefined) refuseAcl('CopyObject', input.ACL, opened.ownership);
        if (input.StorageClass !== undefined) refuseStorageClass(input.StorageClass);
        const found = findObject(parts, source, context);
        if (input.TaggingDirective !== 'REPLACE' && Object.keys(found.content.tags).length > 0) {
          const { name } = opened;
          const needed = [
            requiresObject(parts, 'GetObjectTagging', source),
            buckets.requires('PutObjectTagging', name, key),
          ];
          engine.identity.authorize(context.caller, needed, 's3', 'CopyObject', context.region);
        }
        checkSourceConditions(found, input);
        refuseSameCopy(input, source);
        const bytes = files.read(found.content.file);
        await encryption.open(found.content.encryption, context);
        const isReplaced = input.MetadataDirective === 'REPLACE';
        const { Metadata = {} } = input;
        if (isReplaced) checkMetadata(Metadata);
        const algorithm = readAlgorithm('CopyObject', input.ChecksumAlgorithm ?? found.content.checksum.algorithm);
        const checksum = {
          algorithm,
          value: digest(algorithm, bytes).toString('base64'),
          type: 'FULL_OBJECT',
        } as const;
        const sealed = await encryption.seal('CopyObject', opened, key, input, context);
        const bucket = buckets.current(opened);
        const version = objects.put(bucket, key, {
          file: files.write(bytes),
          size: bytes.byteLength,
          etag: etagOf(bytes),
          headers: isReplaced ? readHeaders(input) : found.content.headers,
          metadata: isReplaced ? Metadata : found.content.metadata,
          checksum,
          encryption: sealed,
          tags: input.TaggingDirective === 'REPLACE' ? newTags(input) : found.content.tags,
        });
        return {
          CopyObjectResult: {
            ETag: version.content.etag,
            LastModified: new Date(version.at),
            ...nameChecksum(checksum),
            ChecksumType: checksum.type,
          },
          ...(from.versioning === undefined ? {} : { CopySourceVersionId: found.versionId }),
          ...describeEncryption(sealed),
          ...describeVersionId(version, bucket.versioning),
        };
      },
    },
  };
}

function newTags({ Tagging, TaggingDirective }: CopyObjectCommandInput) {
  return TaggingDirective === 'REPLACE' ? readTagHeader(Tagging, MAX_OBJECT_TAGS) : {};
}

/** `bucket/key`, with or without a slash before it, percent-encoded, and perhaps `?versionId=`. */
export function readSource(text = ''): OnObject & { readonly Bucket: string; readonly Key: string } {
  const [path = '', version] = text.replace(/^\//, '').split('?versionId=');
  const [, bucket, key] = /^([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucket === undefined || key === undefined || bucket.startsWith('arn:')) {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', text);
  }
  return { Bucket: bucket, Key: key, VersionId: version };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuseSameCopy(input: CopyObjectCommandInput, source: OnObject): void {
  const isSame = source.Bucket === input.Bucket && source.Key === input.Key && source.VersionId === undefined;
  const changes = [input.MetadataDirective === 'REPLACE', input.ServerSideEncryption, input.WebsiteRedirectLocation];
  if (!isSame || changes.some((change) => change !== undefined && change !== false)) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** Unlike a read, a copy whose condition doesn't hold fails whichever it is. */
function checkSourceConditions({ at, content }: FoundObject, input: CopyObjectCommandInput): void {
  const time = Math.floor(at / 1000) * 1000;
  const since = input.CopySourceIfModifiedSince?.getTime();
  const until = input.CopySourceIfUnmodifiedSince?.getTime();
  const isBroken =
    (input.CopySourceIfMatch !== undefined && !matches(input.CopySourceIfMatch, content.etag)) ||
    (input.CopySourceIfNoneMatch !== undefined && matches(input.CopySourceIfNoneMatch, content.etag)) ||
    (since !== undefined && time <= since) ||
    (until !== undefined && input.CopySourceIfMatch === undefined && time > until);
  if (isBroken) throw preconditionFailed('x-amz-copy-source');
}
