import type { Requirement } from '@outbox/local-cloud-kernel';
import type { QueueAddress } from './queue-address';
import type { QueueStore } from './queue-store';

/** One SQS action on one queue, under the queue's own policy if it has one. */
export function onQueue(store: QueueStore, action: string, address: QueueAddress): Requirement {
  return {
    action: `sqs:${action}`,
    resource: address.arn,
    resourcePolicy: store.find(address.arn)?.attributes['Policy'],
  };
}
