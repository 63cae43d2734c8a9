import { pageAt } from '@outbox/local-cloud-kernel';
import { ownerId } from '../buckets/bucket-operations';
import { nameChecksum } from '../checksums';
import { invalidArgument } from '../errors';
import { pageSize } from '../objects/list-objects';
import { comesAfter, encodeKeys, listKeys } from '../objects/listing';
import type { S3Operations, StorageParts } from '../s3';
import type { Uploads } from './uploads';

/** Uploads under way, and parts of one. */
export function partListOperations({ buckets }: StorageParts, uploads: Uploads): S3Operations {
  return {
    ListParts: {
      requires: ({ Bucket, Key = '' }) => [buckets.requires('ListMultipartUploadParts', Bucket, Key)],
      handle: (input, context) => {
        const options = ['Key', 'UploadId', 'MaxParts', 'PartNumberMarker'];
        const bucket = buckets.open('ListParts', input, context, options);
        const upload = uploads.get(bucket.name, input.Key, input.UploadId);
        const { algorithm, namesAlgorithm = false } = upload;
        const { PartNumberMarker = '0' } = input;
        const most = pageSize(input.MaxParts);
        const later = upload.parts.filter(({ number }) => number > Number(PartNumberMarker));
        const { items, next } = pageAt(later, undefined, most, () =>
          invalidArgument('The marker is no number', 'part-number-marker', PartNumberMarker),
        );
        const owner = { ID: ownerId(bucket.accountId) };
        return {
          ...{ Bucket: bucket.name, Key: upload.key, UploadId: upload.id, MaxParts: most },
          ...{ PartNumberMarker, IsTruncated: next !== undefined, StorageClass: 'STANDARD' as const },
          ...{ Owner: owner, Initiator: owner },
          ...(next === undefined ? {} : { NextPartNumberMarker: String(items.at(-1)?.number ?? 0) }),
          ...(namesAlgorithm ? { ChecksumAlgorithm: algorithm, ChecksumType: upload.checksumType } : {}),
          Parts: items.map(({ at, checksum, etag, number, size }) => ({
            ...{ PartNumber: number, ETag: etag, Size: size, LastModified: new Date(at) },
            ...(namesAlgorithm ? nameChecksum({ algorithm, value: checksum }) : {}),
          })),
        };
      },
    },
    ListMultipartUploads: {
      requires: ({ Bucket }) => [buckets.requires('ListBucketMultipartUploads', Bucket)],
      handle: (input, context) => {
        const bucket = buckets.open('ListMultipartUploads', input, context, [
          ...['Delimiter', 'EncodingType', 'KeyMarker', 'MaxUploads', 'Prefix', 'UploadIdMarker'],
        ]);
        const { Delimiter, EncodingType, KeyMarker = '', Prefix = '', UploadIdMarker } = input;
        const most = pageSize(input.MaxUploads);
        const all = uploads.of(bucket.name);
        const at = all.findIndex(({ id, key }) => key === KeyMarker && id === UploadIdMarker);
        const { items, prefixes, last } = listKeys(at < 0 ? all : all.slice(at + 1), {
          prefix: Prefix,
          delimiter: Delimiter ?? '',
          most,
          isAfter: (key) => at >= 0 || comesAfter(key, KeyMarker),
        });
        const encode = encodeKeys(EncodingType);
        const owner = { ID: ownerId(bucket.accountId) };
        return {
          ...{ Bucket: bucket.name, Prefix: encode(Prefix), KeyMarker: encode(KeyMarker), MaxUploads: most },
          ...{ UploadIdMarker: UploadIdMarker ?? '', IsTruncated: last !== undefined },
          ...(Delimiter === undefined ? {} : { Delimiter: encode(Delimiter) }),
          ...(EncodingType === undefined ? {} : { EncodingType }),
          ...(last === undefined ? {} : { NextKeyMarker: encode(last), NextUploadIdMarker: items.at(-1)?.id ?? '' }),
          Uploads: items.map(({ at: initiated, id, key }) => ({
            ...{ Key: encode(key), UploadId: id, Initiated: new Date(initiated), StorageClass: 'STANDARD' as const },
            ...{ Owner: owner, Initiator: owner },
          })),
          CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
        };
      },
    },
  };
}
