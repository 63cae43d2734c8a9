import {
  MAX_TAG_KEY,
  MAX_TAG_VALUE,
  tagList,
  withoutTags,
  withTags,
  type Service,
  type TagRules,
} from '@outbox/local-cloud-kernel';
import { invalidParameter, invalidValue } from './errors';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import type { QueueStore } from './queue-store';

/** What SQS says of tags that a queue can't have. Source: SQS developer guide, "Amazon SQS queue quotas", tags */
export function tagRules(queueName: string): TagRules {
  return {
    checkLengths: (key, value) => {
      if (key.length < 1 || key.length > MAX_TAG_KEY) {
        throw invalidValue(key, 'TagKey', `Keys of tags are 1 to ${MAX_TAG_KEY} in length.`);
      }
      if (value.length > MAX_TAG_VALUE) {
        throw invalidValue(value, 'TagValue', `Values of tags are at most ${MAX_TAG_VALUE} in length.`);
      }
    },
    reserved: (key) => invalidValue(key, 'TagKey', 'Keys of tags must not start with aws:.'),
    tooMany: () => invalidParameter(`Too many tags added for queue ${queueName}.`),
  };
}

/** Tags of queues. */
export function tagOperations(store: QueueStore): Service<'sqs'>['operations'] {
  return {
    ListQueueTags: {
      requires: (input, { region }) => [onQueue(store, 'ListQueueTags', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const { tags } = store.get(addressFromUrl(input.QueueUrl, region));
        return { Tags: Object.keys(tags).length > 0 ? { ...tags } : undefined };
      },
    },
    TagQueue: {
      requires: (input, { region }) => [onQueue(store, 'TagQueue', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        store.save({ ...queue, tags: withTags(queue.tags, tagList(input.Tags), tagRules(queue.name)) });
        return {};
      },
    },
    UntagQueue: {
      requires: (input, { region }) => [onQueue(store, 'UntagQueue', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        store.save({ ...queue, tags: withoutTags(queue.tags, input.TagKeys) });
        return {};
      },
    },
  };
}
