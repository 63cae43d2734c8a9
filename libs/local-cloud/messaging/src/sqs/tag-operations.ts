import type { Service } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import type { QueueStore } from './queue-store';

/** AWS's limit for tags on one queue. */
const MAX_TAGS = 50;

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
        const tags = { ...queue.tags, ...input.Tags };
        if (Object.keys(tags).length > MAX_TAGS) {
          throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
        }
        store.save({ ...queue, tags });
        return {};
      },
    },
    UntagQueue: {
      requires: (input, { region }) => [onQueue(store, 'UntagQueue', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const gone = new Set(input.TagKeys);
        store.save({
          ...queue,
          tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.has(key))),
        });
        return {};
      },
    },
  };
}
