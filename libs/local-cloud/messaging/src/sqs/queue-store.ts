import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { queueDoesNotExist } from './errors';
import { FifoMemory, isFifo } from './fifo';
import type { StoredMessage } from './message';
import type { QueueAddress } from './queue-address';
import type { QueueAttributes } from './queue-attributes';
import { parseRedrivePolicy, type RedrivePolicy } from './redrive-policy';
import { VisibilityQueue } from './visibility-queue';

/** A queue as kept in the state store; times are epoch milliseconds. */
export interface StoredQueue extends QueueAddress {
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly purgedAt?: number;
}

/** All queues of all accounts and regions, and the messages in each. */
export class QueueStore {
  readonly #queues: Table<StoredQueue>;
  readonly #deletions: Table<number>;
  readonly #messages = new Map<string, VisibilityQueue>();
  readonly fifo: FifoMemory;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock' | 'signals'>) {
    this.#queues = engine.store.table('sqs.queues');
    this.#deletions = engine.store.table('sqs.deletions');
    this.fifo = new FifoMemory(engine);
  }

  find(arn: string): StoredQueue | undefined {
    return this.#queues.get(arn);
  }

  /** @throws AwsError QueueDoesNotExist */
  get(address: QueueAddress): StoredQueue {
    const queue = this.#queues.get(address.arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  save(queue: StoredQueue): void {
    this.#queues.set(queue.arn, queue);
  }

  delete(queue: StoredQueue): void {
    this.messages(queue).clear();
    this.fifo.forget(queue);
    this.#messages.delete(queue.arn);
    this.#queues.delete(queue.arn);
    this.#deletions.set(queue.arn, this.engine.clock.now());
  }

  /** When a queue of that ARN was last deleted, in epoch milliseconds. */
  deletedAt(arn: string): number | undefined {
    return this.#deletions.get(arn);
  }

  all(): Iterable<StoredQueue> {
    return this.#queues.values();
  }

  /** The queues of an account in a region, by name. */
  list(accountId: string, region: string): StoredQueue[] {
    return [...this.#queues.values()]
      .filter((queue) => queue.accountId === accountId && queue.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The queue's messages, without those older than its retention period. */
  messages(queue: StoredQueue): VisibilityQueue {
    let messages = this.#messages.get(queue.arn);
    if (!messages) {
      const table = this.engine.store.table<StoredMessage>(`sqs.messages ${queue.arn}`);
      messages = new VisibilityQueue(
        table,
        this.engine.clock,
        () => this.engine.signals.notify(queue.arn),
        isFifo(queue),
      );
      this.#messages.set(queue.arn, messages);
    }
    messages.expire(this.engine.clock.now() - seconds(queue, 'MessageRetentionPeriod') * 1000);
    return messages;
  }

  /** Puts a message at the end of a queue, of its group in a FIFO queue. Returns it as it is there. */
  enqueue(queue: StoredQueue, message: StoredMessage): StoredMessage {
    const { sequenceNumber: _elsewhere, ...sent } = message;
    const placed = isFifo(queue) ? { ...sent, sequenceNumber: this.fifo.nextSequence(queue) } : sent;
    this.messages(queue).put(placed);
    return placed;
  }

  redrivePolicy(queue: StoredQueue): RedrivePolicy | undefined {
    const text = queue.attributes['RedrivePolicy'];
    return text === undefined ? undefined : parseRedrivePolicy(text);
  }

  /** The queues whose redrive policy names `arn`. */
  sourcesOf(arn: string): StoredQueue[] {
    return [...this.#queues.values()].filter((queue) => this.redrivePolicy(queue)?.deadLetterTargetArn === arn);
  }

  stop(): void {
    for (const messages of this.#messages.values()) messages.stop();
  }
}

/** An integer attribute of the queue. */
export function seconds(queue: StoredQueue, attribute: string): number {
  return Number(queue.attributes[attribute] ?? 0);
}
