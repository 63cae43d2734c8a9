import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { StoredMessage } from './message';
import type { QueueStore, StoredQueue } from './queue-store';

/** SQS's own pace when a task names none; AWS calls it system optimized, 500 is its upper limit. */
const DEFAULT_PER_SECOND = 500;

/** A message move task; times in epoch milliseconds. */
export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** Without one every message goes back to the queue SQS took it from. */
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  failureReason?: string;
}

/** Runs message move tasks in the background and goes on with them after a restart. */
export class MessageMover {
  readonly #tasks: Table<MoveTask>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    private readonly store: QueueStore,
    private readonly engine: Pick<Engine, 'store' | 'clock' | 'ids' | 'log'>,
  ) {
    this.#tasks = engine.store.table('sqs.moveTasks');
  }

  /** The tasks of a source queue, latest first. */
  list(sourceArn: string): MoveTask[] {
    return [...this.#tasks.values()]
      .filter((task) => task.sourceArn === sourceArn)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  get(id: string): MoveTask | undefined {
    return this.#tasks.get(id);
  }

  begin(task: MoveTask): void {
    this.#tasks.set(task.id, task);
    this.#run(task);
  }

  cancel(task: MoveTask): void {
    this.#settle(task, 'CANCELLING');
  }

  resume(): void {
    for (const task of this.#tasks.values()) if (isActive(task)) this.#run(task);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  #run(task: MoveTask): void {
    const work = this.#move(task)
      .catch((error: unknown) => {
        this.engine.log('error', 'message move task failed', { taskId: task.id, error: String(error) });
        this.#settle(task, 'FAILED', 'InternalError');
      })
      .finally(() => this.#running.delete(task.id));
    this.#running.set(task.id, work);
  }

  async #move(task: MoveTask): Promise<void> {
    // One turn of the event loop first: the answer of StartMessageMoveTask leaves before anything moves.
    await this.engine.clock.sleep(0, this.#stopping.signal);
    while (!this.#stopping.signal.aborted) {
      if (task.status === 'CANCELLING') return this.#settle(task, 'CANCELLED');
      const source = this.store.find(task.sourceArn);
      if (!source) return this.#settle(task, 'FAILED', 'AWS.SimpleQueueService.NonExistentQueue');
      const [message] = this.store.messages(source).visible();
      if (!message) return this.#settle(task, 'COMPLETED');
      const failure = this.#moveOne(task, source, message);
      if (failure) return this.#settle(task, 'FAILED', failure);
      await this.engine.clock.sleep(1000 / (task.perSecond ?? DEFAULT_PER_SECOND), this.#stopping.signal);
    }
  }

  /** A moved message is a new one to its queue: own id, receive count and time (SQS guide, "Configure a DLQ redrive"). */
  #moveOne(task: MoveTask, source: StoredQueue, message: StoredMessage): string | undefined {
    const destinationArn = task.destinationArn ?? message.deadLetterSourceArn;
    if (destinationArn === undefined) return 'CouldNotDetermineMessageSource';
    const destination = this.store.find(destinationArn);
    if (!destination) return 'AWS.SimpleQueueService.NonExistentQueue';
    const { body, attributes, traceHeader, groupId, deduplicationId, senderId, key } = message;
    const now = this.engine.clock.now();
    this.store.messages(source).remove(message.id);
    this.store.enqueue(destination, {
      id: this.engine.ids.uuid(),
      body,
      attributes,
      ...(traceHeader === undefined ? {} : { traceHeader }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
      senderId,
      sentAt: now,
      visibleAt: now,
      receives: 0,
      ...(key ? { key } : {}),
    });
    task.moved += 1;
    this.#tasks.set(task.id, task);
    return undefined;
  }

  #settle(task: MoveTask, status: MoveTask['status'], failureReason?: string): void {
    task.status = status;
    if (failureReason !== undefined) task.failureReason = failureReason;
    this.#tasks.set(task.id, task);
  }
}

export function isActive(task: MoveTask): boolean {
  return task.status === 'RUNNING' || task.status === 'CANCELLING';
}
