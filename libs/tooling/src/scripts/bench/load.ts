import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';

const CUSTOMERS = 8;
/** Messages in all queues that may wait before the next order is placed: about eight orders. */
export const BACKLOG = 64;
const LOOK_MS = 250;
const QUEUE_COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** What was placed in a while. */
export interface Load {
  readonly orderIds: readonly string[];
  /** When it began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Messages in all queues: the most that was seen, and when the last order was placed. */
  readonly mostWaiting: number;
  readonly waitingAtEnd: number;
}

/** Messages in all queues of the stack, waiting and in flight. */
async function waiting(sqs: SQSClient, queues: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    queues.map(async (QueueUrl) => {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...QUEUE_COUNTS] });
      const { Attributes = {} } = await sqs.send(asked);
      return QUEUE_COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How far it has got: orders that were placed or are being, and milliseconds since the first. */
export interface Progressed {
  readonly orders: number;
  readonly ms: number;
}

/**
 * Customers who place orders as long as `goesOn`, as fast as the stack takes them, but wait while more than `limit` messages are
 * in its queues: so the backlog stays flat, and the rate is one that could go on for ever.
 */
export async function placeSteadily(
  sqs: SQSClient,
  place: () => Promise<string>,
  goesOn: (so: Progressed) => boolean,
  limit: number,
): Promise<Load> {
  const { QueueUrls: queues = [] } = await sqs.send(new ListQueuesCommand({}));
  const orderIds: string[] = [];
  let now = await waiting(sqs, queues);
  let mostWaiting = now;
  const startedAt = Date.now();
  let begun = 0;
  const lasts = (): boolean => goesOn({ orders: begun, ms: Date.now() - startedAt });
  const customer = async (): Promise<void> => {
    while (lasts()) {
      if (now > limit) await delay(LOOK_MS / 4);
      else {
        begun += 1;
        orderIds.push(await place());
      }
    }
  };
  const watch = async (): Promise<void> => {
    for (; lasts(); await delay(LOOK_MS)) {
      now = await waiting(sqs, queues);
      mostWaiting = Math.max(mostWaiting, now);
    }
  };
  await Promise.all([...Array.from({ length: CUSTOMERS }, customer), watch()]);
  return { orderIds, startedAt, mostWaiting, waitingAtEnd: await waiting(sqs, queues) };
}

/** Places so many orders a second for so long, whether the one before is answered or not. */
export async function placeAtRate(
  place: () => Promise<string>,
  perSecond: number,
  forMs: number,
): Promise<readonly string[]> {
  const placed: Promise<string>[] = [];
  const started = performance.now();
  for (let at = 0; at < forMs; at += 1_000 / perSecond) {
    await delay(Math.max(0, started + at - performance.now()));
    placed.push(place());
  }
  return Promise.all(placed);
}
