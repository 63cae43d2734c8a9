import type { S3Operations, StorageParts } from '../s3';
import { tagList } from '@outbox/local-cloud-kernel';
import { MAX_OBJECT_TAGS } from '../limits';
import { readTags } from '../tags';
import { findObject, requiresObject } from './find-object';
import { describeVersionId } from './headers';
import { objectTagConditions } from './write-access';

/** Tags of objects. */
export function tagOperations(parts: StorageParts): S3Operations {
  const { buckets, objects } = parts;
  return {
    GetObjectTagging: {
      requires: (input) => [requiresObject(parts, 'GetObjectTagging', input)],
      handle: (input, context) => {
        const bucket = buckets.open('GetObjectTagging', input, context, ['Key', 'VersionId']);
        const found = findObject(parts, input, context);
        return { TagSet: tagList(found.content.tags), ...describeVersionId(found, bucket.versioning) };
      },
    },
    PutObjectTagging: {
      requires: (input) => {
        const requirement = requiresObject(parts, 'PutObjectTagging', input);
        const given = objectTagConditions(readTags(input.Tagging?.TagSet, MAX_OBJECT_TAGS));
        return [{ ...requirement, conditions: { ...requirement.conditions, ...given } }];
      },
      handle: (input, context) => {
        const options = ['Key', 'VersionId', 'Tagging', 'ContentMD5', 'ChecksumAlgorithm'];
        const bucket = buckets.open('PutObjectTagging', input, context, options);
        const found = findObject(parts, input, context);
        const tags = readTags(input.Tagging?.TagSet, MAX_OBJECT_TAGS);
        objects.change(bucket.name, found, { ...found.content, tags });
        return describeVersionId(found, bucket.versioning);
      },
    },
    DeleteObjectTagging: {
      requires: (input) => [requiresObject(parts, 'DeleteObjectTagging', input)],
      handle: (input, context) => {
        const bucket = buckets.open('DeleteObjectTagging', input, context, ['Key', 'VersionId']);
        const found = findObject(parts, input, context);
        objects.change(bucket.name, found, { ...found.content, tags: {} });
        return describeVersionId(found, bucket.versioning);
      },
    },
  };
}
