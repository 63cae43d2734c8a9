import type { InputOf } from '@outbox/local-cloud-kernel';
import { requestTagKeys, tagRecord, withoutTags } from '@outbox/local-cloud-kernel';
import { getCustomerKey, getKey, onNamedKey, type KmsOperations, type KmsParts } from './operation';
import { pageOf } from './page';
import { listedTags, taggedWith } from './tags';

/** Tags of keys. */
export function tagOperations(parts: KmsParts): KmsOperations {
  const { keys } = parts;
  return {
    TagResource: {
      requires: onNamedKey<InputOf<'kms', 'TagResource'>>(parts, 'TagResource', ({ Tags }) =>
        requestTagKeys(tagRecord(listedTags(Tags))),
      ),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        keys.put({ ...key, tags: taggedWith(input.Tags, key.tags) });
        return {};
      },
    },
    UntagResource: {
      requires: onNamedKey<InputOf<'kms', 'UntagResource'>>(parts, 'UntagResource', ({ TagKeys }) =>
        requestTagKeys({}, TagKeys),
      ),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        keys.put({ ...key, tags: withoutTags(key.tags, input.TagKeys) });
        return {};
      },
    },
    ListResourceTags: {
      requires: onNamedKey(parts, 'ListResourceTags'),
      handle: (input, context) => {
        const key = getKey(parts, context, input.KeyId);
        const tags = key.kind === 'managed' ? {} : key.tags;
        const { items, ...rest } = pageOf(Object.entries(tags), input, 50);
        return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...rest };
      },
    },
  };
}
