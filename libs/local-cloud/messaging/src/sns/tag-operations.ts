import type { Tag } from '@aws-sdk/client-sns';
import type { Service } from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { invalidParameter, resourceDoesNotExist, tagLimitExceeded } from './errors';
import { onTopic } from './permissions';
import type { StoredTopic, TopicStore } from './topic-store';

/** Source: SNS developer guide, "Amazon SNS topic tagging". */
const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * @param count how many tags the topic will have with the given ones
 * @throws AwsError InvalidParameter, TagLimitExceeded. Source: SNS API reference, Tag
 */
export function checkTags(tags: readonly Tag[] | undefined, count = Object.keys(tagRecord(tags)).length): void {
  for (const { Key: key = '', Value: value = '' } of tags ?? []) {
    if (key.length < 1 || key.length > MAX_KEY) throw invalidParameter('Tags', `Keys are 1 to ${MAX_KEY} in length`);
    if (/^aws:/i.test(key)) throw invalidParameter('Tags', 'aws: is a prefix of AWS');
    if (value.length > MAX_VALUE) throw invalidParameter('Tags', `Values are at most ${MAX_VALUE} in length`);
  }
  if (count > MAX_TAGS) throw tagLimitExceeded();
}

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
        checkTags(input.Tags, Object.keys(tags).length);
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
