import { requestTagKeys } from '@outbox/local-cloud-kernel';
import { tagRecord, withoutTags, withTags, type ListedTag, type Tags } from '../tags/tag-list';
import { invalidParameter } from './errors';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';

/** Tags of secrets. */
export function tagOperations(secrets: Secrets): SecretOperations {
  return {
    TagResource: {
      requires: (input, context) => [
        secrets.requires('TagResource', context, input.SecretId ?? '', requestTagKeys(tagRecord(input.Tags))),
      ],
      handle: (input, context) => {
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        secrets.put({ ...secret, tags: checkTags(secret.tags, input.Tags) });
        return {};
      },
    },
    UntagResource: {
      requires: (input, context) => [
        secrets.requires('UntagResource', context, input.SecretId ?? '', requestTagKeys({}, input.TagKeys)),
      ],
      handle: (input, context) => {
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        secrets.put({ ...secret, tags: withoutTags(secret.tags, input.TagKeys ?? []) });
        return {};
      },
    },
  };
}

/** `current` with tags set. @throws AwsError for tags that no secret can have */
export function checkTags(current: Tags, tags: readonly ListedTag[] = []): Tags {
  return withTags(current, tags, {
    reserved: invalidParameter,
    tooMany: (most) => invalidParameter(`A secret can have at most ${most} tags.`),
  });
}
