import type { Tag } from '@aws-sdk/client-iam';
import { validationError } from './errors';

type Tags = Readonly<Record<string, string>>;

/** `current` with `tags` set. @throws AwsError when an entity would carry more than 50. */
export function withTags(current: Tags, tags: readonly Tag[] | undefined): Tags {
  const next = { ...current, ...Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])) };
  if (Object.keys(next).length > 50) throw validationError('The number of tags has reached the maximum limit.');
  return next;
}

export function withoutTags(current: Tags, keys: readonly string[] | undefined): Tags {
  return Object.fromEntries(Object.entries(current).filter(([key]) => !keys?.includes(key)));
}

export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
