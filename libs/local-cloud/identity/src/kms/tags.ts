import type { Tag } from '@aws-sdk/client-kms';
import { AwsError, MAX_TAG_KEY, MAX_TAG_VALUE, withTags, type ListedTag, type Tags } from '@outbox/local-cloud-kernel';
import { checkText } from './errors';

/** KMS writes tags in members of its own: `TagKey`, `TagValue`. */
export function listedTags(tags: readonly Tag[] | undefined = []): ListedTag[] {
  return tags.map(({ TagKey: Key, TagValue: Value }) => ({ Key, Value }));
}

/**
 * `current` with `tags` set. Source: KMS API reference, TagResource and Tag.
 * @throws AwsError ValidationException or TagException for a tag no key can have, LimitExceededException for too many
 */
export function taggedWith(tags: readonly Tag[] | undefined, current: Tags = {}): Tags {
  const all = withTags(current, listedTags(tags), {
    checkLengths: (key, value, place) => {
      checkText(key, `tags.${place}.member.tagKey`, { most: MAX_TAG_KEY });
      checkText(value, `tags.${place}.member.tagValue`, { least: 0, most: MAX_TAG_VALUE });
    },
    reserved: () => new AwsError('TagException', 'Tags beginning with aws: are reserved'),
    tooMany: () => new AwsError('LimitExceededException', 'Too many tags'),
  });
  const keys = new Set(tags?.map(({ TagKey }) => TagKey));
  if (keys.size < (tags?.length ?? 0)) throw new AwsError('TagException', 'Duplicate tag keys');
  return all;
}
