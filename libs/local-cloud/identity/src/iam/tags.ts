import type { Tag } from '@aws-sdk/client-iam';
import { MAX_TAG_KEY, MAX_TAG_VALUE, MAX_TAGS, type Tags } from '@outbox/local-cloud-kernel';
import { checkText, constraint, invalidInput, limitExceeded } from './errors';

const SIGNS = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';

/**
 * `current` with `tags` set. Names differ by more than their letters' case: a tag replaces the one whose name reads
 * the same. Source: IAM user guide, "Tags for AWS Identity and Access Management resources".
 * @throws AwsError for tags that nothing can have, and where an entity would carry more than 50
 */
export function withTags(current: Tags, tags: readonly Tag[] = []): Tags {
  check(tags);
  const next = new Map(Object.entries(current).map((entry) => [entry[0].toLowerCase(), entry]));
  for (const { Key = '', Value = '' } of tags) next.set(Key.toLowerCase(), [Key, Value]);
  if (next.size > MAX_TAGS) throw limitExceeded('The number of tags has reached the maximum limit.');
  return Object.fromEntries(next.values());
}

export function withoutTags(current: Tags, keys: readonly string[] = []): Tags {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(current).filter(([key]) => !gone.has(key.toLowerCase())));
}

function check(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) throw constraint('', 'tags', `Member must have length less than or equal to ${MAX_TAGS}`);
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: MAX_TAG_KEY, pattern: `${SIGNS}+`, flags: 'u' });
    checkText(Value, `${member}.value`, { least: 0, most: MAX_TAG_VALUE, pattern: `${SIGNS}*`, flags: 'u' });
    if (Key.toLowerCase().startsWith('aws:')) throw invalidInput('Tag keys that begin with aws: are reserved.');
  }
  if (new Set(tags.map(({ Key = '' }) => Key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
}
