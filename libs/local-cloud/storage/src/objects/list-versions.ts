import { ownerId } from '../buckets/bucket-operations';
import type { ObjectVersion } from '../model';
import type { S3Operations, StorageParts } from '../s3';
import { listConditions, pageSize } from './list-objects';
import { comesAfter, encodeKeys, listKeys } from './listing';

interface ListedVersion extends ObjectVersion {
  readonly key: string;
  readonly isLatest: boolean;
}

/** Versions of a bucket's objects and delete markers, of each object the newest first. */
export function versionListOperations({ buckets, objects }: StorageParts): S3Operations {
  return {
    ListObjectVersions: {
      requires: (input) => [buckets.requires('ListBucketVersions', input.Bucket, undefined, listConditions(input))],
      handle: (input, context) => {
        const bucket = buckets.open('ListObjectVersions', input, context, [
          ...['Delimiter', 'EncodingType', 'KeyMarker', 'MaxKeys', 'Prefix', 'VersionIdMarker'],
        ]);
        const { Delimiter, EncodingType, KeyMarker, Prefix = '', VersionIdMarker } = input;
        const most = pageSize(input.MaxKeys);
        const versions = objects
          .of(bucket.name)
          .flatMap(({ key, versions: found }) =>
            found.map((version, index) => ({ ...version, key, isLatest: index === found.length - 1 })).reverse(),
          );
        const at = versions.findIndex(({ key, versionId }) => key === KeyMarker && versionId === VersionIdMarker);
        const { items, prefixes, last } = listKeys(at < 0 ? versions : versions.slice(at + 1), {
          prefix: Prefix,
          delimiter: Delimiter ?? '',
          most,
          isAfter: (key) => at >= 0 || KeyMarker === undefined || comesAfter(key, KeyMarker),
        });
        const encode = encodeKeys(EncodingType);
        const describe = ({ at, isLatest, key, versionId }: ListedVersion) => ({
          ...{ Key: encode(key), VersionId: versionId, IsLatest: isLatest, LastModified: new Date(at) },
          Owner: { ID: ownerId(bucket.accountId) },
        });
        return {
          Name: bucket.name,
          Prefix: encode(Prefix),
          KeyMarker: encode(KeyMarker ?? ''),
          VersionIdMarker: VersionIdMarker ?? '',
          MaxKeys: most,
          IsTruncated: last !== undefined,
          ...(Delimiter === undefined ? {} : { Delimiter: encode(Delimiter) }),
          ...(EncodingType === undefined ? {} : { EncodingType }),
          ...(last === undefined ? {} : { NextKeyMarker: encode(last), ...nextVersion(items, last) }),
          Versions: items.flatMap((item) => {
            const { content } = item;
            if (!content) return [];
            const { checksum, etag: ETag, size: Size } = content;
            const sums = { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type };
            return [{ ...describe(item), ETag, Size, ...sums, StorageClass: 'STANDARD' as const }];
          }),
          DeleteMarkers: items.filter(({ content }) => !content).map(describe),
          CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
        };
      },
    },
  };
}

function nextVersion(items: readonly ListedVersion[], last: string) {
  const item = items.at(-1);
  return item?.key === last ? { NextVersionIdMarker: item.versionId } : {};
}
