import type { Tag } from '@aws-sdk/client-sns';
import type { Service } from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { resourceDoesNotExist, tagLimitExceeded } from './errors';
import { onTopic } from './permissions';
import type { StoredTopic, TopicStore } from './topic-store';

/** Source: SNS developer guide, "Amazon SNS topic tagging". */
const MAX_TAGS = 50;

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

/** Tags of topics. */
export function tagOperations(store: TopicStore): Service<'sns'>['operations'] {
  const get = (arn: string | undefined): StoredTopic => {
    const topic = store.find(topicFromArn(arn, 'ResourceArn').arn);
    if (!topic) throw resourceDoesNotExist();
    return topic;
  };
  return {
    ListTagsForResource: {
      requires: (input, context) => [
        onTopic(store, 'ListTagsForResource', topicFromArn(input.ResourceArn, 'ResourceArn'), context),
      ],
      handle: (input) => ({
        Tags: Object.entries(get(input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    TagResource: {
      requires: (input, context) => [
        onTopic(store, 'TagResource', topicFromArn(input.ResourceArn, 'ResourceArn'), context),
      ],
      handle: (input) => {
        const topic = get(input.ResourceArn);
        const tags = { ...topic.tags, ...tagRecord(input.Tags) };
        if (Object.keys(tags).length > MAX_TAGS) throw tagLimitExceeded();
        store.save({ ...topic, tags });
        return {};
      },
    },
    UntagResource: {
      requires: (input, context) => [
        onTopic(store, 'UntagResource', topicFromArn(input.ResourceArn, 'ResourceArn'), context),
      ],
      handle: (input) => {
        const topic = get(input.ResourceArn);
        const gone = new Set(input.TagKeys);
        const kept = Object.entries(topic.tags).filter(([key]) => !gone.has(key));
        store.save({ ...topic, tags: Object.fromEntries(kept) });
        return {};
      },
    },
  };
}
