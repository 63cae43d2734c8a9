import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../../support/stack';
import type { AwsClients } from '../clients';
import { Queues, type Backlog } from '../queues';
import { countUnpublished } from '../unpublished';

/** What waits, at one moment. */
export interface Look extends Backlog {
  readonly unpublished: number;
}

const LOOK_MS = 100;

/** The stack's backlog. */
export async function lookAt(clients: AwsClients, stack: Stack): Promise<Look> {
  const [backlog, unpublished] = await Promise.all([
    new Queues(clients.sqs, stack).backlog(),
    countUnpublished(clients, stack),
  ]);
  return { ...backlog, unpublished };
}

/** Nothing is left anywhere. */
export function isQuiet({ ready, underWay, setAside, unpublished }: Look): boolean {
  return ready + underWay + setAside + unpublished === 0;
}

/**
 * Waits until what can be done without time moving on is done: no client is `awake`, no message to be received, and two
 * looks are alike; `longestMs` of real time at the most. A function keeps the time it started with, so time had better
 * not move before. Returns the last look.
 */
export async function untilStill(
  look: () => Promise<Look>,
  awake: () => number,
  longestMs: number,
  sleep: (ms: number) => Promise<unknown> = delay,
): Promise<Look> {
  const deadline = performance.now() + longestMs;
  let last = await look();
  for (;;) {
    await sleep(LOOK_MS);
    const now = await look();
    const isStill = awake() === 0 && now.ready === 0 && JSON.stringify(now) === JSON.stringify(last);
    if (isStill || performance.now() > deadline) return now;
    last = now;
  }
}
