import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { checkEntries, runEntries } from './batch';
import { invalidParameter, invalidValue, missingParameter } from './errors';
import { isFifo } from './fifo';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import { MAX_VISIBILITY_SECONDS } from './limits';
import type { QueueMetrics } from './queue-metrics';
import type { QueueStore, StoredQueue } from './queue-store';
import { readReceiptHandle } from './receipt-handle';

/** What is done with a received message: DeleteMessage, ChangeMessageVisibility and their batch forms. */
export function receiptOperations(
  store: QueueStore,
  engine: Pick<Engine, 'clock'>,
  metrics: QueueMetrics,
): Service<'sqs'>['operations'] {
  /**
   * Deleting with an older handle, or again, succeeds and does nothing (SQS API reference, DeleteMessage). A FIFO queue
   * refuses a handle whose time is over.
   */
  const remove = (queue: StoredQueue, handle: string | undefined): object => {
    if (handle === undefined) throw missingParameter('ReceiptHandle');
    const { messageId, token } = readReceiptHandle(handle, queue.arn);
    const messages = store.messages(queue);
    const message = messages.get(messageId);
    // Recorded on AWS by LocalStack's test_fifo_delete_after_visibility_timeout.
    if (isFifo(queue) && message && (message.receipt !== token || message.visibleAt <= engine.clock.now())) {
      throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
    }
    if (message?.receipt === token) messages.remove(messageId);
    metrics.deleted(queue);
    return {};
  };

  /**
   * Takes any handle of a message that is still in the queue, also an older one and one whose timeout has run out. AWS
   * takes them too, although its reference has MessageNotInflight for them (recorded by LocalStack's suite against AWS:
   * test_change_message_visibility_after_visibility_timeout_expiration, test_terminate_visibility_timeout_after_receive).
   */
  const changeVisibility = (queue: StoredQueue, handle: string | undefined, timeout: number | undefined): object => {
    if (handle === undefined) throw missingParameter('ReceiptHandle');
    if (timeout === undefined) throw missingParameter('VisibilityTimeout');
    if (!Number.isInteger(timeout) || timeout < 0 || timeout > MAX_VISIBILITY_SECONDS) {
      throw invalidValue(
        timeout,
        'VisibilityTimeout',
        `VisibilityTimeout must be an integer between 0 and ${MAX_VISIBILITY_SECONDS}.`,
      );
    }
    const { messageId } = readReceiptHandle(handle, queue.arn);
    const messages = store.messages(queue);
    const message = messages.get(messageId);
    if (!message) {
      throw invalidValue(
        handle,
        'ReceiptHandle',
        'Message does not exist or is not available for visibility timeout change.',
      );
    }
    const now = engine.clock.now();
    const total = (now - (message.receivedAt ?? now)) / 1000 + timeout;
    if (total > MAX_VISIBILITY_SECONDS) {
      throw invalidParameter(
        `Value ${timeout} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds].`,
      );
    }
    message.visibleAt = now + timeout * 1000;
    messages.put(message);
    return {};
  };

  return {
    DeleteMessage: {
      requires: (input, { region }) => [onQueue(store, 'DeleteMessage', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => remove(store.get(addressFromUrl(input.QueueUrl, region)), input.ReceiptHandle),
    },
    DeleteMessageBatch: {
      requires: (input, { region }) => [onQueue(store, 'DeleteMessage', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const entries = checkEntries(input.Entries, 'DeleteMessageBatchRequestEntry');
        return runEntries(entries, (entry) => remove(queue, entry.ReceiptHandle));
      },
    },
    ChangeMessageVisibility: {
      requires: (input, { region }) => [
        onQueue(store, 'ChangeMessageVisibility', addressFromUrl(input.QueueUrl, region)),
      ],
      handle: (input, { region }) =>
        changeVisibility(
          store.get(addressFromUrl(input.QueueUrl, region)),
          input.ReceiptHandle,
          input.VisibilityTimeout,
        ),
    },
    ChangeMessageVisibilityBatch: {
      requires: (input, { region }) => [
        onQueue(store, 'ChangeMessageVisibility', addressFromUrl(input.QueueUrl, region)),
      ],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const entries = checkEntries(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
        return runEntries(entries, (entry) => changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout));
      },
    },
  };
}
