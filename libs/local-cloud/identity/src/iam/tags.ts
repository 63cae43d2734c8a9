import type { Tag } from '@aws-sdk/client-iam';
import { checkText, constraint, invalidInput, limitExceeded } from './errors';

type Tags = Readonly<Record<string, string>>;

/** Tags of one entity, and of one request. Source: IAM quotas, "Tags that can be attached to …". */
const MOST = 50;
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
  if (next.size > MOST) throw limitExceeded('The number of tags has reached the maximum limit.');
  return Object.fromEntries(next.values());
}

export function withoutTags(current: Tags, keys: readonly string[] = []): Tags {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(current).filter(([key]) => !gone.has(key.toLowerCase())));
}

export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function check(tags: readonly Tag[]): void {
  if (tags.length > MOST) throw constraint('', 'tags', `Member must have length less than or equal to ${MOST}`);
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: 128, pattern: `${SIGNS}+`, flags: 'u' });
    checkText(Value, `${member}.value`, { least: 0, most: 256, pattern: `${SIGNS}*`, flags: 'u' });
    if (Key.toLowerCase().startsWith('aws:')) throw invalidInput('Tag keys that begin with aws: are reserved.');
  }
  if (new Set(tags.map(({ Key = '' }) => Key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
}
