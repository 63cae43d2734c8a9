import type { Message, ReceiveMessageRequest } from '@aws-sdk/client-sqs';
import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { invalidValue, overLimit, unknownAttribute } from './errors';
import { isFifo } from './fifo';
import { md5OfAttributes, md5OfText } from './md5';
import { restoreAttributes, type StoredMessage } from './message';
import { onQueue } from './permissions';
import { addressFromUrl, type QueueAddress } from './queue-address';
import { MAX_IN_FLIGHT, MAX_MESSAGES, MAX_VISIBILITY_SECONDS, MAX_WAIT_SECONDS } from './limits';
import type { QueueKeys } from './queue-keys';
import type { QueueMetrics } from './queue-metrics';
import { seconds, type QueueStore, type StoredQueue } from './queue-store';
import { receiptHandle } from './receipt-handle';
import { ReceiveAttempts } from './receive-attempts';

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
]);

/** ReceiveMessage: visibility, dead-letter moves and long polling. A waiting call wakes when a message arrives. */
export function receiveOperation(
  store: QueueStore,
  keys: QueueKeys,
  engine: Pick<Engine, 'clock' | 'ids' | 'signals'>,
  metrics: QueueMetrics,
): Service<'sqs'>['operations'] {
  const attempts = new ReceiveAttempts(engine.clock);

  const take = (queue: StoredQueue, input: ReceiveMessageRequest): Message[] => {
    const messages = store.messages(queue);
    const policy = store.redrivePolicy(queue);
    // A queue that is its own dead-letter queue has nowhere to put a message: moving it there would never end.
    const hasElsewhere = policy !== undefined && policy.deadLetterTargetArn !== queue.arn;
    const deadLetters = hasElsewhere ? store.find(policy.deadLetterTargetArn) : undefined;
    const now = engine.clock.now();
    const hiddenMs = (input.VisibilityTimeout ?? seconds(queue, 'VisibilityTimeout')) * 1000;
    const taken: StoredMessage[] = [];
    for (const message of messages.visible()) {
      if (taken.length === (input.MaxNumberOfMessages ?? 1)) break;
      if (policy && deadLetters && message.receives >= policy.maxReceiveCount) {
        messages.remove(message.id);
        // In a FIFO queue retention begins anew, in a standard queue it goes on (SQS guide, "Dead-letter queues").
        const sentAt = isFifo(queue) ? now : message.sentAt;
        store.enqueue(deadLetters, { ...message, sentAt, visibleAt: now, deadLetterSourceArn: queue.arn });
      } else {
        taken.push(message);
      }
    }
    const attemptId = isFifo(queue) ? input.ReceiveRequestAttemptId : undefined;
    const shownAgain = attemptId === undefined ? undefined : attempts.again(queue.arn, attemptId, messages);
    const found = (shownAgain ?? taken).map((message) => {
      if (shownAgain) {
        message.visibleAt = now + hiddenMs;
        message.hiddenUntil = message.visibleAt;
        messages.put(message);
        return message;
      }
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.receivedAt = now;
      message.receipt = engine.ids.uuid();
      message.visibleAt = now + hiddenMs;
      message.hiddenUntil = message.visibleAt;
      messages.put(message);
      return message;
    });
    if (attemptId !== undefined && found.length > 0) attempts.remember(queue.arn, attemptId, found);
    return found.map((message) => shown(queue, message, input));
  };

  const next = (address: QueueAddress, input: ReceiveMessageRequest): StoredMessage[] => [
    ...firstOf(store.messages(store.get(address)).visible(), input.MaxNumberOfMessages ?? 1),
  ];

  return {
    ReceiveMessage: {
      requires: (input, { region }) => [onQueue(store, 'ReceiveMessage', addressFromUrl(input.QueueUrl, region))],
      handle: async (input, { region, signal, caller }) => {
        checkReceive(input);
        const address = addressFromUrl(input.QueueUrl, region);
        const found = store.get(address);
        const waitSeconds = input.WaitTimeSeconds ?? seconds(found, 'ReceiveMessageWaitTimeSeconds');
        const deadline = engine.clock.now() + waitSeconds * 1000;
        const isFull = !isFifo(found) && store.messages(found).counts().inFlight >= MAX_IN_FLIGHT;
        if (isFull && waitSeconds === 0) throw overLimit();
        for (;;) {
          // Looked up again after every wait: the queue may have changed, or be gone.
          await keys.open(() => next(address, input), { caller, region });
          const queue = store.get(address);
          const messages = take(queue, input);
          const left = deadline - engine.clock.now();
          if (messages.length > 0 || left <= 0) metrics.received(queue, messages.length);
          if (messages.length > 0) return { Messages: messages };
          if (left <= 0 || signal.aborted) return {};
          await engine.signals.wait(address.arn, left, signal);
          if (signal.aborted) return {};
        }
      },
    },
  };
}

function* firstOf<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

function checkReceive(input: ReceiveMessageRequest): void {
  const { MaxNumberOfMessages: most, WaitTimeSeconds: wait, VisibilityTimeout: visibility } = input;
  if (most !== undefined && (most < 1 || most > MAX_MESSAGES)) {
    throw invalidValue(most, 'MaxNumberOfMessages', `Must be between 1 and ${MAX_MESSAGES}, if provided.`);
  }
  if (wait !== undefined && (wait < 0 || wait > MAX_WAIT_SECONDS)) {
    throw invalidValue(wait, 'WaitTimeSeconds', `Must be >= 0 and <= ${MAX_WAIT_SECONDS}, if provided.`);
  }
  if (visibility !== undefined && (visibility < 0 || visibility > MAX_VISIBILITY_SECONDS)) {
    throw invalidValue(
      visibility,
      'VisibilityTimeout',
      `Must be between 0 and ${MAX_VISIBILITY_SECONDS}, if provided.`,
    );
  }
  for (const name of systemNames(input)) if (!SYSTEM_ATTRIBUTES.has(name)) throw unknownAttribute(name);
}

/** Two members mean the same; SQS deprecated the first. */
function systemNames(input: ReceiveMessageRequest): readonly string[] {
  return [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
}

function shown(queue: StoredQueue, message: StoredMessage, input: ReceiveMessageRequest): Message {
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => wanted(name, input.MessageAttributeNames ?? [])),
  );
  const system = systemAttributes(message, systemNames(input));
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle({ queueArn: queue.arn, messageId: message.id, token: message.receipt ?? '' }),
    MD5OfBody: md5OfText(message.body),
    Body: message.body,
    Attributes: Object.keys(system).length > 0 ? system : undefined,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: Object.keys(attributes).length > 0 ? restoreAttributes(attributes) : undefined,
  };
}

/** `All`, `*`, `.*`, `prefix.*` or a name. `*` is missing from AWS's reference, but AWS takes it. */
function wanted(name: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) =>
      pattern === 'All' ||
      pattern === '*' ||
      pattern === name ||
      (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
  );
}

function systemAttributes(message: StoredMessage, names: readonly string[]): Record<string, string> {
  const all: Record<string, string | undefined> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    AWSTraceHeader: message.traceHeader,
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    SequenceNumber: message.sequenceNumber,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && (names.includes('All') || names.includes(name))) result[name] = value;
  }
  return result;
}
