import type { ListObjectsCommandInput, ListObjectsV2CommandInput, _Object } from '@aws-sdk/client-s3';
import type { Requirement } from '@outbox/local-cloud-kernel';
import { ownerId } from '../buckets/bucket-operations';
import { invalidArgument } from '../errors';
import type { S3Operations, StorageParts } from '../s3';
import { comesAfter, encodeKeys, listKeys } from './listing';
import type { FoundObject } from './objects';

/** Most elements of a page. Source: S3 API reference, ListObjectsV2. */
export const MAX_KEYS = 1000;

/** Objects of a bucket, listed in either form. */
export function listOperations({ buckets, objects }: StorageParts): S3Operations {
  const latest = (bucket: string): FoundObject[] =>
    objects.of(bucket).flatMap(({ key }) => objects.findVersion(bucket, key) ?? []);

  return {
    ListObjectsV2: {
      requires: (input) => [buckets.requires('ListBucket', input.Bucket, undefined, listConditions(input))],
      handle: (input, context) => {
        const bucket = buckets.open('ListObjectsV2', input, context, [
          ...['ContinuationToken', 'Delimiter', 'EncodingType', 'FetchOwner', 'MaxKeys', 'Prefix', 'StartAfter'],
        ]);
        const { ContinuationToken, Delimiter, EncodingType, Prefix = '', StartAfter } = input;
        const most = pageSize(input.MaxKeys);
        const after = ContinuationToken === undefined ? StartAfter : readToken(ContinuationToken);
        const { items, prefixes, last } = listKeys(latest(bucket.name), {
          prefix: Prefix,
          delimiter: Delimiter ?? '',
          most,
          isAfter: (key) => after === undefined || comesAfter(key, after),
        });
        const encode = encodeKeys(EncodingType);
        const owner = input.FetchOwner ? { Owner: { ID: ownerId(bucket.accountId) } } : {};
        return {
          Name: bucket.name,
          Prefix: encode(Prefix),
          MaxKeys: most,
          KeyCount: items.length + prefixes.length,
          IsTruncated: last !== undefined,
          ...(Delimiter === undefined ? {} : { Delimiter: encode(Delimiter) }),
          ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
          ...(EncodingType === undefined ? {} : { EncodingType }),
          ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
          ...(last === undefined ? {} : { NextContinuationToken: Buffer.from(last).toString('base64url') }),
          Contents: items.map((item) => ({ ...describeObject(item, encode), ...owner })),
          CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
        };
      },
    },
    ListObjects: {
      requires: (input) => [buckets.requires('ListBucket', input.Bucket, undefined, listConditions(input))],
      handle: (input, context) => {
        const options = ['Delimiter', 'EncodingType', 'Marker', 'MaxKeys', 'Prefix'];
        const bucket = buckets.open('ListObjects', input, context, options);
        const { Delimiter, EncodingType, Marker = '', Prefix = '' } = input;
        const most = pageSize(input.MaxKeys);
        const { items, prefixes, last } = listKeys(latest(bucket.name), {
          prefix: Prefix,
          delimiter: Delimiter ?? '',
          most,
          isAfter: (key) => comesAfter(key, Marker),
        });
        const encode = encodeKeys(EncodingType);
        const owner = { Owner: { ID: ownerId(bucket.accountId) } };
        return {
          Name: bucket.name,
          Prefix: encode(Prefix),
          Marker: encode(Marker),
          MaxKeys: most,
          IsTruncated: last !== undefined,
          ...(Delimiter === undefined ? {} : { Delimiter: encode(Delimiter) }),
          ...(EncodingType === undefined ? {} : { EncodingType }),
          // Without a delimiter the last key is the marker of the next page.
          ...(last === undefined || Delimiter === undefined ? {} : { NextMarker: encode(last) }),
          Contents: items.map((item) => ({ ...describeObject(item, encode), ...owner })),
          CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
        };
      },
    },
  };
}

/** Condition keys of a list. Source: S3 user guide, "Bucket policy examples using condition keys". */
export function listConditions(
  input: Pick<ListObjectsV2CommandInput | ListObjectsCommandInput, 'Delimiter' | 'MaxKeys' | 'Prefix'>,
): NonNullable<Requirement['conditions']> {
  const { Delimiter, MaxKeys, Prefix } = input;
  return {
    ...(Prefix === undefined ? {} : { 's3:prefix': Prefix }),
    ...(Delimiter === undefined ? {} : { 's3:delimiter': Delimiter }),
    ...(MaxKeys === undefined ? {} : { 's3:max-keys': String(MaxKeys) }),
  };
}

/** @throws AwsError InvalidArgument for a negative number; more than a page holds is a page */
export function pageSize(most: number = MAX_KEYS): number {
  if (!Number.isInteger(most) || most < 0) {
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', String(most));
  }
  return Math.min(most, MAX_KEYS);
}

function describeObject({ at, content, key }: FoundObject, encode: (text: string) => string): _Object {
  return {
    Key: encode(key),
    LastModified: new Date(at),
    ETag: content.etag,
    ChecksumAlgorithm: [content.checksum.algorithm],
    ChecksumType: content.checksum.type,
    Size: content.size,
    StorageClass: 'STANDARD',
  };
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') === token) return key;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
