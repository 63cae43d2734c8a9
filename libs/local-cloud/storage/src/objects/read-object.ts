import type { GetObjectCommandInput, HeadObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError, type RequestContext } from '@outbox/local-cloud-kernel';
import { nameChecksum } from '../checksums';
import { describeEncryption } from '../encryption';
import { notFound } from '../errors';
import type { BucketRecord } from '../model';
import type { S3Operations, StorageParts } from '../s3';
import { bodyOf } from './body';
import { checkReadConditions, READ_CONDITIONS } from './conditions';
import { findObject, requiresObject } from './find-object';
import { describeHeaders, describeVersionId } from './headers';
import type { FoundObject } from './objects';
import { readRange, type Range } from './range';

const OPTIONS = [
  ...[...READ_CONDITIONS, 'Key', 'VersionId', 'ChecksumMode', 'Range', 'ResponseCacheControl'],
  ...['ResponseContentDisposition', 'ResponseContentEncoding', 'ResponseContentLanguage', 'ResponseContentType'],
  'ResponseExpires',
];

/** Objects: read, whole or in part, or what they are alone. */
export function readOperations(parts: StorageParts): S3Operations {
  const { buckets, encryption, files } = parts;

  const read = async (
    operation: string,
    input: GetObjectCommandInput | HeadObjectCommandInput,
    context: RequestContext,
  ) => {
    const bucket = buckets.open(operation, input, context, OPTIONS);
    const found = findObject(parts, input, context);
    // Read before anybody is waited for: the object may be deleted meanwhile.
    const bytes = operation === 'GetObject' ? files.read(found.content.file) : Buffer.alloc(0);
    await encryption.open(found.content.encryption, context);
    checkReadConditions(found, input);
    return { bytes, ...describe(bucket, found, input) };
  };

  return {
    GetObject: {
      requires: (input) => [requiresObject(parts, 'GetObject', input)],
      handle: async (input, context) => {
        const { bytes, range, described } = await read('GetObject', input, context);
        return { ...described, Body: bodyOf(range ? bytes.subarray(range.from, range.to + 1) : bytes) };
      },
    },
    HeadObject: {
      requires: (input) => [requiresObject(parts, 'GetObject', input)],
      handle: async (input, context) => {
        try {
          return (await read('HeadObject', input, context)).described;
        } catch (error) {
          if (!(error instanceof AwsError) || !/^NoSuch(Key|Version)$/.test(error.code)) throw error;
          const { headers } = error.members;
          throw notFound(headers as Readonly<Record<string, string>> | undefined);
        }
      },
    },
  };
}

function describe(
  { versioning }: BucketRecord,
  found: FoundObject,
  input: GetObjectCommandInput | HeadObjectCommandInput,
) {
  const { at, content } = found;
  const range = readRange(input.Range, content.size);
  const tags = Object.keys(content.tags).length;
  const described = {
    ...describeHeaders(content.headers),
    ...overrides(input),
    AcceptRanges: 'bytes',
    ContentLength: range ? range.to - range.from + 1 : content.size,
    ...(range ? { ContentRange: contentRange(range, content.size) } : {}),
    ETag: content.etag,
    LastModified: new Date(at),
    Metadata: { ...content.metadata },
    ...(tags === 0 ? {} : { TagCount: tags }),
    ...describeEncryption(content.encryption),
    ...describeVersionId(found, versioning),
    // A checksum of the whole says nothing of a part.
    ...(input.ChecksumMode === 'ENABLED' && !range
      ? { ...nameChecksum(content.checksum), ChecksumType: content.checksum.type }
      : {}),
  };
  return { range, described };
}

function contentRange({ from, to }: Range, size: number): string {
  return `bytes ${from}-${to}/${size}`;
}

/** Headers that a request wants in the answer instead of the object's own. */
function overrides(input: GetObjectCommandInput | HeadObjectCommandInput) {
  const wanted = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}
