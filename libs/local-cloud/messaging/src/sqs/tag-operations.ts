import type { Service } from '@outbox/local-cloud-kernel';
import { invalidParameter, invalidValue } from './errors';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import type { QueueStore } from './queue-store';

/** AWS's limit for tags on one queue. */
const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/**
 * @param given the tags a request brings
 * @param count how many the queue will have with them
 * @throws AwsError InvalidParameterValue. Source: SQS developer guide, "Amazon SQS queue quotas", tags
 */
export function checkTags(
  given: Readonly<Record<string, string>>,
  queueName: string,
  count = Object.keys(given).length,
): void {
  if (count > MAX_TAGS) throw invalidParameter(`Too many tags added for queue ${queueName}.`);
  for (const [key, value] of Object.entries(given)) {
    if (key.length < 1 || key.length > MAX_KEY) {
      throw invalidValue(key, 'TagKey', `Keys of tags are 1 to ${MAX_KEY} in length.`);
    }
    if (/^aws:/i.test(key)) throw invalidValue(key, 'TagKey', 'Keys of tags must not start with aws:.');
    if (value.length > MAX_VALUE) {
      throw invalidValue(value, 'TagValue', `Values of tags are at most ${MAX_VALUE} in length.`);
    }
  }
}

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
        checkTags(input.Tags ?? {}, queue.name, Object.keys(tags).length);
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
