import { constraintsOf } from './constraints';
import type { AwsError } from './errors';

/** Tags as the engine keeps them. */
export type Tags = Readonly<Record<string, string>>;

/** A tag as most of AWS's APIs have it. */
export interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** What a service refuses, and how it says so. */
export interface TagRules {
  /** Where a key or value is too short or too long; in the words of AWS's request validators unless given. `place` counts from 1. */
  readonly checkLengths?: (key: string, value: string, place: number) => void;
  /** A key that begins with `aws:`; let through unless given. */
  readonly reserved?: (key: string) => AwsError;
  readonly tooMany: (most: number) => AwsError;
}

/** Tags of one resource, and characters of their keys and values: the same with every service. Source: Tagging guide, "Tag naming limits". */
export const MAX_TAGS = 50;
export const MAX_TAG_KEY = 128;
export const MAX_TAG_VALUE = 256;

const { checkText } = constraintsOf();

/** Tags off AWS's API. */
export function tagRecord(tags: readonly ListedTag[] | undefined = []): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Tags as AWS's API has them. */
export function tagList(tags: Tags | undefined = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** `current` with tags set. @throws AwsError as `rules` say, for tags that nothing can have */
export function withTags(current: Tags, tags: readonly ListedTag[] | undefined = [], rules: TagRules): Tags {
  const { checkLengths = checkByModel, reserved, tooMany } = rules;
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    checkLengths(Key, Value, index + 1);
    if (reserved && /^aws:/i.test(Key)) throw reserved(Key);
  }
  const all = { ...current, ...tagRecord(tags) };
  if (Object.keys(all).length > MAX_TAGS) throw tooMany(MAX_TAGS);
  return all;
}

/** `current` without the tags of those keys. */
export function withoutTags(current: Tags, keys: readonly string[] | undefined = []): Tags {
  return Object.fromEntries(Object.entries(current).filter(([key]) => !keys.includes(key)));
}

function checkByModel(key: string, value: string, place: number): void {
  checkText(key, `tags.${place}.member.key`, { most: MAX_TAG_KEY });
  checkText(value, `tags.${place}.member.value`, { least: 0, most: MAX_TAG_VALUE });
}
