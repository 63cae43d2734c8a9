import { requestTagKeys, tagRecord, withoutTags, withTags, type TagRules } from '@outbox/local-cloud-kernel';
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
        secrets.put({ ...secret, tags: withTags(secret.tags, input.Tags, TAG_RULES) });
        return {};
      },
    },
    UntagResource: {
      requires: (input, context) => [
        secrets.requires('UntagResource', context, input.SecretId ?? '', requestTagKeys({}, input.TagKeys)),
      ],
      handle: (input, context) => {
        const secret = secrets.getLiving(context, input.SecretId ?? '');
        secrets.put({ ...secret, tags: withoutTags(secret.tags, input.TagKeys) });
        return {};
      },
    },
  };
}

/** What Secrets Manager says of tags that no secret can have. Source: API reference, TagResource. */
export const TAG_RULES: TagRules = {
  reserved: () => invalidParameter('Tag keys that begin with aws: are reserved.'),
  tooMany: (most) => invalidParameter(`A secret can have at most ${most} tags.`),
};
