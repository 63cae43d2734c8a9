import { ListMessageMoveTasksCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { queueDepths } from '../support/queue-depths';
import type { Consumer, Stack } from '../support/stack';
import type { AwsClients } from './clients';

/** Messages of all consumers: to be received, under way (received, parked or held back), set aside. */
export interface Backlog {
  readonly ready: number;
  readonly underWay: number;
  readonly setAside: number;
}

/** The consumers' queues, as an operator sees and mends them. */
export class Queues {
  readonly #consumers: readonly Consumer[];

  constructor(
    private readonly sqs: AwsClients['sqs'],
    stack: Stack,
  ) {
    this.#consumers = Object.values(stack.consumers);
  }

  async backlog(): Promise<Backlog> {
    const all = await Promise.all(
      this.#consumers.map(async ({ queue_url, dlq_url }) => {
        const [queue, dlq] = await Promise.all([queueDepths(this.sqs, queue_url), queueDepths(this.sqs, dlq_url)]);
        return { ready: queue.ready, underWay: queue.underWay, setAside: dlq.ready + dlq.underWay };
      }),
    );
    const sum = (pick: (one: Backlog) => number): number => all.reduce((total, one) => total + pick(one), 0);
    return {
      ready: sum((one) => one.ready),
      underWay: sum((one) => one.underWay),
      setAside: sum((one) => one.setAside),
    };
  }

  /** Sends what was set aside back to its queue; waits until it is. Answers how many messages it were. */
  async redrive(): Promise<number> {
    const moved = await Promise.all(this.#consumers.map((consumer) => this.#redriveOne(consumer)));
    return moved.reduce((total, one) => total + one, 0);
  }

  async #redriveOne({ queue_url, dlq_url }: Consumer): Promise<number> {
    const [source, destination] = await Promise.all([queueDepths(this.sqs, dlq_url), queueDepths(this.sqs, queue_url)]);
    if (source.ready === 0) return 0;
    await this.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: source.arn, DestinationArn: destination.arn }));
    for (;;) {
      const { Results } = await this.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: source.arn }));
      const [task] = Results ?? [];
      if (task?.Status !== 'RUNNING') return task?.ApproximateNumberOfMessagesMoved ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
