import {
  MAX_TAG_KEY,
  MAX_TAG_VALUE,
  tagList,
  withoutTags,
  withTags,
  type Service,
  type TagRules,
} from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { invalidParameter, resourceDoesNotExist, tagLimitExceeded } from './errors';
import { onTopic } from './permissions';
import type { StoredTopic, TopicStore } from './topic-store';

/** What SNS says of tags that a topic can't have. Source: SNS API reference, Tag; developer guide, "Amazon SNS topic tagging". */
export const TAG_RULES: TagRules = {
  checkLengths: (key, value) => {
    if (key.length < 1 || key.length > MAX_TAG_KEY) {
      throw invalidParameter('Tags', `Keys are 1 to ${MAX_TAG_KEY} in length`);
    }
    if (value.length > MAX_TAG_VALUE) throw invalidParameter('Tags', `Values are at most ${MAX_TAG_VALUE} in length`);
  },
  reserved: () => invalidParameter('Tags', 'aws: is a prefix of AWS'),
  tooMany: tagLimitExceeded,
};

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
      handle: (input) => ({ Tags: tagList(get(input.ResourceArn).tags) }),
    },
    TagResource: {
      requires: (input, context) => [
        onTopic(store, 'TagResource', topicFromArn(input.ResourceArn, 'ResourceArn'), context),
      ],
      handle: (input) => {
        const topic = get(input.ResourceArn);
        store.save({ ...topic, tags: withTags(topic.tags, input.Tags, TAG_RULES) });
        return {};
      },
    },
    UntagResource: {
      requires: (input, context) => [
        onTopic(store, 'UntagResource', topicFromArn(input.ResourceArn, 'ResourceArn'), context),
      ],
      handle: (input) => {
        const topic = get(input.ResourceArn);
        store.save({ ...topic, tags: withoutTags(topic.tags, input.TagKeys) });
        return {};
      },
    },
  };
}
