import { toAwsError } from '@outbox/local-cloud-kernel';
import { MAX_DELETED } from '../limits';
import { malformedXml } from '../errors';
import { refuseUnknownOptions } from '../options';
import type { S3Operations, StorageParts } from '../s3';
import { requiresObject } from './find-object';

/** Objects: deleted, one or many. */
export function deleteOperations(parts: StorageParts): S3Operations {
  const { buckets, engine, objects } = parts;
  return {
    DeleteObject: {
      requires: (input) => [requiresObject(parts, 'DeleteObject', input)],
      handle: (input, context) => {
        const bucket = buckets.open('DeleteObject', input, context, ['Key', 'VersionId']);
        const { versionId, marker } = objects.delete(bucket, input.Key ?? '', input.VersionId);
        return {
          ...(versionId === undefined ? {} : { VersionId: versionId }),
          ...(marker ? { DeleteMarker: true } : {}),
        };
      },
    },
    // Each object is allowed or denied for itself: see below.
    DeleteObjects: {
      requires: () => [],
      handle: (input, context) => {
        const bucket = buckets.open('DeleteObjects', input, context, ['Delete', 'ChecksumAlgorithm']);
        const { Objects = [], Quiet = false } = input.Delete ?? {};
        if (Objects.length === 0 || Objects.length > MAX_DELETED) throw malformedXml();
        const results = Objects.map((object) => {
          const { Key = '', VersionId } = object;
          const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
          try {
            refuseUnknownOptions('s3', 'DeleteObjects', object, ['Key', 'VersionId']);
            const requirement = requiresObject(parts, 'DeleteObject', { Bucket: bucket.name, ...named });
            engine.identity.authorize(context.caller, [requirement], 's3', 'DeleteObject', context.region);
            const { versionId, marker } = objects.delete(bucket, Key, VersionId);
            return {
              deleted: {
                ...named,
                ...(marker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId ?? '' } : {}),
              },
            };
          } catch (thrown) {
            const { code, message } = toAwsError(thrown);
            return {
              error: { ...named, Code: code === 'AccessDeniedException' ? 'AccessDenied' : code, Message: message },
            };
          }
        });
        return {
          ...(Quiet ? {} : { Deleted: results.flatMap(({ deleted }) => (deleted ? [deleted] : [])) }),
          Errors: results.flatMap(({ error }) => (error ? [error] : [])),
        };
      },
    },
  };
}
