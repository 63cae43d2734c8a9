import { AwsError } from '@outbox/local-cloud-kernel';
import { tagsOf } from './key-operations';
import { getCustomerKey, getKey, onNamedKey, type KmsOperations, type KmsParts } from './operation';
import { pageOf } from './page';

/** Source: KMS API reference, TagResource: 50 per key; names that begin with `aws:` are AWS's. */
const MOST = 50;

/** Tags of keys. */
export function tagOperations(parts: KmsParts): KmsOperations {
  const { keys } = parts;
  return {
    TagResource: {
      requires: onNamedKey(parts, 'TagResource'),
      handle: (input, context) => {
        const key = getCustomerKey(parts, context, input.KeyId);
        const tags = { ...key.tags, ...tagsOf(input.Tags) };
        if (Object.keys(tags).some((name) => name.toLowerCase().startsWith('aws:'))) {
          throw new AwsError('TagException', 'Tags beginning with aws: are reserved');
        }
        if (Object.keys(tags).length > MOST) throw new AwsError('LimitExceededException', 'Too many tags');
        keys.put({ ...key, tags });
        return {};
      },
    },
    UntagResource: {
      requires: onNamedKey(parts, 'UntagResource'),
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
