import { constraintsOf, type AwsError } from '@outbox/local-cloud-kernel';

const { checkText } = constraintsOf();

/** A tag as AWS's API has it. */
export interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export type Tags = Readonly<Record<string, string>>;

/** Tags off AWS's API. */
export function tagRecord(tags: readonly ListedTag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Tags as AWS's API has them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Most tags that a parameter or a secret has. Source: API references, AddTagsToResource and TagResource. */
const MAX_TAGS = 50;

/** What a service says of tags that can't be set. */
export interface TagRefusals {
  readonly reserved: (message: string) => AwsError;
  readonly tooMany: (most: number) => AwsError;
}

/** `current` with tags set. @throws AwsError ValidationException for lengths, or as `refusals` say */
export function withTags(current: Tags, tags: readonly ListedTag[], refusals: TagRefusals): Tags {
  for (const [index, { Key = '', Value = '' }] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkText(Key, `${member}.key`, { most: 128 });
    checkText(Value, `${member}.value`, { least: 0, most: 256 });
    if (/^aws:/i.test(Key)) throw refusals.reserved('Tag keys that begin with aws: are reserved.');
  }
  const all = { ...current, ...tagRecord(tags) };
  if (Object.keys(all).length > MAX_TAGS) throw refusals.tooMany(MAX_TAGS);
  return all;
}

/** Tags without those of the names. */
export function withoutTags(tags: Tags, names: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !names.includes(name)));
}
