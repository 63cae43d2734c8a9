import type { Engine, MetricSample, MetricUnit } from '@outbox/local-cloud-kernel';
import { isFifo } from './fifo';
import type { QueueStore, StoredQueue } from './queue-store';

/** A queue reports while it is active: it holds messages, or was used in the last six hours. */
const ACTIVE_MS = 6 * 3_600_000;

/** What SQS reports of queues. Source: SQS developer guide, "Available CloudWatch metrics for Amazon SQS". */
export class QueueMetrics {
  readonly #usedAt = new Map<string, number>();

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'metrics'>,
    private readonly store: QueueStore,
  ) {
    engine.metrics.gauge((at) => this.#gauges(at));
  }

  /** `bytes`: of the message with its attributes. */
  sent(queue: StoredQueue, bytes: number): void {
    this.#record(queue, 'NumberOfMessagesSent', 1);
    this.#record(queue, 'SentMessageSize', bytes, 'Bytes');
  }

  /** A message that a FIFO queue took and won't deliver. */
  deduplicated(queue: StoredQueue): void {
    this.#record(queue, 'NumberOfDeduplicatedSentMessages', 1);
  }

  received(queue: StoredQueue, count: number): void {
    if (count > 0) this.#record(queue, 'NumberOfMessagesReceived', count);
    else this.#record(queue, 'NumberOfEmptyReceives', 1);
  }

  deleted(queue: StoredQueue): void {
    this.#record(queue, 'NumberOfMessagesDeleted', 1);
  }

  #record(queue: StoredQueue, name: string, value: number, unit?: MetricUnit): void {
    this.#usedAt.set(queue.arn, this.engine.clock.now());
    this.engine.metrics.record(sample(queue, name, value, unit));
  }

  *#gauges(at: number): Iterable<MetricSample> {
    for (const queue of this.store.all()) {
      const messages = this.store.messages(queue);
      const { visible, inFlight, delayed } = messages.counts();
      const isUsed = at - (this.#usedAt.get(queue.arn) ?? -Infinity) < ACTIVE_MS;
      if (!isUsed && visible + inFlight + delayed === 0) continue;
      yield sample(queue, 'ApproximateNumberOfMessagesVisible', visible);
      yield sample(queue, 'ApproximateNumberOfMessagesNotVisible', inFlight);
      yield sample(queue, 'ApproximateNumberOfMessagesDelayed', delayed);
      if (isFifo(queue))
        yield sample(queue, 'ApproximateNumberOfGroupsWithInflightMessages', messages.groupsInFlight());
      const oldest = messages.oldestSince();
      const age = oldest === undefined ? 0 : Math.max(0, Math.floor((at - oldest) / 1000));
      yield sample(queue, 'ApproximateAgeOfOldestMessage', age, 'Seconds');
    }
  }
}

function sample(queue: StoredQueue, name: string, value: number, unit: MetricUnit = 'Count'): MetricSample {
  const { accountId, region } = queue;
  return { accountId, region, namespace: 'AWS/SQS', name, dimensions: { QueueName: queue.name }, value, unit };
}
