import type { Tag } from '@aws-sdk/client-kms';
import { AwsError } from '@outbox/local-cloud-kernel';
import { checkText } from './errors';

/** Tags of one key; characters of their names and values. Source: KMS API reference, TagResource and Tag. */
const MOST = 50;
const NAME_LENGTH = 128;
const VALUE_LENGTH = 256;

/** KMS writes tags in members of its own: `TagKey`, `TagValue`. */
export function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? '', TagValue ?? '']));
}

/**
 * `current` with `tags` set.
 * @throws AwsError ValidationException or TagException for a tag no key can have, LimitExceededException for too many
 */
export function checkTags(
  tags: readonly Tag[] | undefined,
  current: Readonly<Record<string, string>> = {},
): Record<string, string> {
  for (const [index, { TagKey = '', TagValue = '' }] of (tags ?? []).entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(TagKey, `${member}.tagKey`, { most: NAME_LENGTH });
    checkText(TagValue, `${member}.tagValue`, { least: 0, most: VALUE_LENGTH });
    if (TagKey.toLowerCase().startsWith('aws:')) {
      throw new AwsError('TagException', 'Tags beginning with aws: are reserved');
    }
  }
  const set = tagsOf(tags);
  if (Object.keys(set).length < (tags?.length ?? 0)) throw new AwsError('TagException', 'Duplicate tag keys');
  const all = { ...current, ...set };
  if (Object.keys(all).length > MOST) throw new AwsError('LimitExceededException', 'Too many tags');
  return all;
}
