import { requestTagKeys } from '@outbox/local-cloud-kernel';
import { tagRecord, withoutTags, type ListedTag, type Tags } from '../tag-list';
import { checkText, invalidParameter } from './errors';
import type { SecretOperations } from './secrets-manager';
import type { Secrets } from './secrets';

/** Source: API reference, TagResource. */
const MAX_TAGS = 50;

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
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: 128 });
    checkText(Value, `${member}.value`, { least: 0, most: 256 });
    if (/^aws:/i.test(Key)) throw invalidParameter('Tag keys that begin with aws: are reserved.');
  }
  const all = { ...current, ...tagRecord(tags) };
  if (Object.keys(all).length > MAX_TAGS) throw invalidParameter(`A secret can have at most ${MAX_TAGS} tags.`);
  return all;
}
