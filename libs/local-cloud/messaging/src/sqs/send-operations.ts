import type { SendMessageBatchRequestEntry, SendMessageRequest } from '@aws-sdk/client-sqs';
import type { Caller, Engine, RequestContext, Requirement, Service } from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';
import { checkEntries, runEntries } from './batch';
import { checkFifoMessage, deduplicationId, isFifo } from './fifo';
import { batchTooLong } from './errors';
import { md5OfAttributes, md5OfText } from './md5';
import { storeAttributes, type StoredMessage } from './message';
import { checkMessage, messageBytes } from './message-checks';
import { onQueue } from './permissions';
import { addressFromUrl } from './queue-address';
import { MAX_MESSAGE_BYTES } from './limits';
import type { QueueKeys } from './queue-keys';
import type { QueueMetrics } from './queue-metrics';
import { seconds, type QueueStore, type StoredQueue } from './queue-store';

/** SendMessage and its batch form. */
export function sendOperations(
  store: QueueStore,
  keys: QueueKeys,
  engine: Pick<Engine, 'clock' | 'ids'>,
  metrics: QueueMetrics,
): Service<'sqs'>['operations'] {
  const send = (
    queue: StoredQueue,
    sent: SendMessageRequest | SendMessageBatchRequestEntry,
    caller: Caller,
    key: SealedKey | undefined,
  ) => {
    checkMessage(sent, seconds(queue, 'MaximumMessageSize'), isFifo(queue));
    const now = engine.clock.now();
    const trace = sent.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
    const body = sent.MessageBody ?? '';
    const groupId = sent.MessageGroupId ?? '';
    const fifoId = isFifo(queue) ? deduplicationId(sent) : undefined;
    const before = fifoId === undefined ? undefined : store.fifo.sentBefore(queue, groupId, fifoId);
    const message: StoredMessage = {
      id: engine.ids.uuid(),
      body,
      attributes: storeAttributes(sent.MessageAttributes),
      ...(trace === undefined ? {} : { traceHeader: trace }),
      ...(sent.MessageGroupId === undefined ? {} : { groupId }),
      ...(fifoId === undefined ? {} : { deduplicationId: fifoId }),
      senderId: caller.userId,
      sentAt: now,
      visibleAt: now + ((isFifo(queue) ? undefined : sent.DelaySeconds) ?? seconds(queue, 'DelaySeconds')) * 1000,
      receives: 0,
      ...(key ? { key } : {}),
    };
    const { id, sequenceNumber } = before
      ? { id: before.messageId, sequenceNumber: before.sequenceNumber }
      : store.enqueue(queue, message);
    if (before) metrics.deduplicated(queue);
    else metrics.sent(queue, messageBytes(sent));
    if (!before && fifoId !== undefined && sequenceNumber !== undefined) {
      store.fifo.remember(queue, groupId, fifoId, { messageId: id, sequenceNumber, sentAt: now });
    }
    return {
      MessageId: id,
      SequenceNumber: sequenceNumber,
      MD5OfMessageBody: md5OfText(body),
      MD5OfMessageAttributes: md5OfAttributes(message.attributes),
      MD5OfMessageSystemAttributes:
        trace === undefined ? undefined : md5OfAttributes({ AWSTraceHeader: { dataType: 'String', text: trace } }),
    };
  };

  return {
    SendMessage: {
      requires: (input, context) => sendPermissions(store, input.QueueUrl, context),
      handle: async (input, { region, caller }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        if (isFifo(queue)) checkFifoMessage(input, queue);
        return send(queue, input, caller, await keys.seal(queue, { caller, region }));
      },
    },
    SendMessageBatch: {
      requires: (input, context) => sendPermissions(store, input.QueueUrl, context),
      handle: async (input, { region, caller }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const entries = checkEntries(input.Entries, 'SendMessageBatchRequestEntry');
        const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
        if (bytes > MAX_MESSAGE_BYTES) throw batchTooLong(bytes, MAX_MESSAGE_BYTES);
        if (isFifo(queue)) for (const entry of entries) checkFifoMessage(entry, queue);
        const key = await keys.seal(queue, { caller, region });
        return runEntries(entries, (entry) => send(queue, entry, caller, key));
      },
    },
  };
}

/** A service is allowed by the queue's policy alone: where there is no queue, that is what it is told. */
function sendPermissions(
  store: QueueStore,
  queueUrl: string | undefined,
  { region, caller }: RequestContext,
): Requirement[] {
  const address = addressFromUrl(queueUrl, region);
  return caller.kind === 'service' && !store.find(address.arn) ? [] : [onQueue(store, 'SendMessage', address)];
}
