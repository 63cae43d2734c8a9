import type { InputOf } from '@outbox/local-cloud-kernel';
import { requestTagKeys } from '@outbox/local-cloud-kernel';
import { getCustomerKey, getKey, onNamedKey, type KmsOperations, type KmsParts } from './operation';
import { pageOf } from './page';
import { checkTags, tagsOf } from './tags';

/** Tags of keys. */
export function tagOperations(parts: KmsParts): KmsOperations {
  const { keys } = parts;
  return {
    TagResource: {
      requires: onNamedKey<InputOf<'kms', 'TagResource'>>(parts, 'TagResource', ({ Tags }) =>
        requestTagKeys(tagsOf(Tags)),
      ),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        const tags = checkTags(input.Tags, key.tags);
        keys.put({ ...key, tags });
        return {};
      },
    },
    UntagResource: {
      requires: onNamedKey<InputOf<'kms', 'UntagResource'>>(parts, 'UntagResource', ({ TagKeys }) =>
        requestTagKeys({}, TagKeys),
      ),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        const kept = Object.entries(key.tags).filter(([name]) => !input.TagKeys?.includes(name));
        keys.put({ ...key, tags: Object.fromEntries(kept) });
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
