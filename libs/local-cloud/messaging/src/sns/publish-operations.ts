import {
  unsupported,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import { runEntries } from '../sqs/batch';
import { topicFromArn } from './addresses';
import { batchTooLong, emptyBatch, invalidEntryId, invalidParameter, repeatedEntryId, tooManyEntries } from './errors';
import { MAX_ENTRIES, MAX_MESSAGE_BYTES } from './limits';
import { attributesOf, checkPublished, publishedBytes, textsOf, type Published } from './message-checks';
import { onTopic } from './permissions';
import type { TopicKeys } from './topic-keys';
import { recordTopicMetric } from './topic-metrics';
import type { Deliverer } from './deliverer';
import type { StoredTopic, TopicStore } from './topic-store';

/** Publish and its batch form: a message is accepted for every confirmed subscription before the answer. */
export function publishOperations(
  store: TopicStore,
  keys: TopicKeys,
  deliverer: Deliverer,
  engine: Pick<Engine, 'clock' | 'ids' | 'metrics'>,
): Service<'sns'>['operations'] {
  const publish = (topic: StoredTopic, published: Published, operation: string): { MessageId: string } => {
    checkPublished(published, operation);
    const notification = {
      id: engine.ids.uuid(),
      topicArn: topic.arn,
      subject: published.Subject,
      texts: textsOf(published),
      attributes: attributesOf(published),
      publishedAt: engine.clock.now(),
    };
    recordTopicMetric(engine, topic, 'NumberOfMessagesPublished');
    recordTopicMetric(engine, topic, 'PublishSize', publishedBytes(published), 'Bytes');
    for (const subscription of store.subscriptionsTo(topic.arn)) {
      if (subscription.confirmation.kind === 'confirmed') deliverer.accept(topic, subscription, notification);
    }
    return { MessageId: notification.id };
  };

  return {
    Publish: {
      requires: (input, context) => mayPublish(store, input.TopicArn ?? input.TargetArn, context),
      handle: async (input, { caller, region }) => {
        if (input.PhoneNumber !== undefined) throw unsupported('sns', 'Publish', 'text messages to phones');
        const topic = store.get(input.TopicArn ?? input.TargetArn);
        await keys.use(topic, { caller, region });
        return publish(topic, input, 'Publish');
      },
    },
    PublishBatch: {
      requires: (input, context) => mayPublish(store, input.TopicArn, context),
      handle: async (input, { caller, region }) => {
        const topic = store.get(input.TopicArn);
        const entries = checkEntries(input.PublishBatchRequestEntries ?? []);
        await keys.use(topic, { caller, region });
        const { Successful, Failed = [] } = runEntries(entries, (entry) => publish(topic, entry, 'PublishBatch'));
        return { Successful, Failed };
      },
    },
  };
}

/** A service is allowed by the topic's policy alone: where there is no topic, that is what it is told. */
function mayPublish(store: TopicStore, arn: string | undefined, context: RequestContext): Requirement[] {
  if (arn === undefined) throw invalidParameter('TopicArn or TargetArn', 'no value for required parameter');
  const address = topicFromArn(arn);
  const isUnknown = context.caller.kind === 'service' && !store.find(address.arn);
  return isUnknown ? [] : [onTopic(store, 'Publish', address, context)];
}

function checkEntries<E extends Published & { Id: string | undefined }>(entries: readonly E[]): (E & { Id: string })[] {
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > MAX_ENTRIES) throw tooManyEntries();
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id ?? ''))) throw invalidEntryId();
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw repeatedEntryId();
  if (entries.reduce((sum, entry) => sum + publishedBytes(entry), 0) > MAX_MESSAGE_BYTES) throw batchTooLong();
  return entries.map((entry) => ({ ...entry, Id: entry.Id ?? '' }));
}
