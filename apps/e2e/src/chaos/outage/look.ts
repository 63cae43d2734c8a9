import { setTimeout as delay } from 'node:timers/promises';
import type { LocalCloud } from '@outbox/local-cloud-client';
import type { Stack } from '../../support/stack';
import type { AwsClients } from '../clients';
import { Queues, type Backlog } from '../queues';
import { countUnpublished } from '../unpublished';

/** What waits, at one moment. */
export interface Look extends Backlog {
  readonly unpublished: number;
  /** Invocations under way. */
  readonly running: number;
}

const LOOK_MS = 100;

/** The stack's backlog, and the functions at work. */
export async function lookAt(
  clients: AwsClients,
  stack: Stack,
  cloud: Pick<LocalCloud, 'runningInvocations'>,
): Promise<Look> {
  const [backlog, unpublished, invocations] = await Promise.all([
    new Queues(clients.sqs, stack).backlog(),
    countUnpublished(clients, stack),
    cloud.runningInvocations(),
  ]);
  return { ...backlog, unpublished, running: Object.values(invocations).reduce((sum, count) => sum + count, 0) };
}

/** Nothing is left anywhere. */
export function isQuiet({ ready, underWay, setAside, unpublished, running }: Look): boolean {
  return ready + underWay + setAside + unpublished + running === 0;
}

/**
 * Waits until what can be done without time moving on is done: no client is `awake`, no function runs, no message to be
 * received, and two looks are alike; `longestMs` of real time at the most. A function keeps the time it started with, so time had better
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
    const isStill =
      awake() === 0 && now.running === 0 && now.ready === 0 && JSON.stringify(now) === JSON.stringify(last);
    if (isStill || performance.now() > deadline) return now;
    last = now;
  }
}
