import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import type { CrashingCloud } from './local-cloud';
import { Queues } from './queues';
import { countUnpublished } from './unpublished';

export interface QuietTools {
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  /** Told what is still under way. */
  readonly report: (text: string) => void;
}

const MINUTE = 60_000;
/**
 * How far the clock is moved when nothing but time can help: long enough, in the end, for the longest back-off of
 * sweeper, consumers, parked messages and EventBridge. Far shorter than retention.
 */
const STEPS_MS = [1, 3, 6, 10, 15, 30, 30, 60, 60, 120, 240, 360, 360].map((minutes) => minutes * MINUTE);
/** EventBridge's longest wait between two attempts, which nobody sees, is 8 minutes. */
const UNSEEN_MS = 10 * MINUTE;
const LOOK_MS = 500;
/** Often enough for who watches. */
const TELL_MS = 5_000;
/** Quiet is what looks quiet so many times in a row. */
const QUIET_LOOKS = 3;
/** Time is moved on only when nothing has changed for so many looks, and no function ran: that must get to its end first. */
const STILL_LOOKS = 2;

/**
 * Waits until every event is published and every queue empty; what was set aside is sent back, and time is moved on
 * where only time helps. Gives up after `longestMs` of real time: what is stuck then is for the judge to tell.
 */
export async function untilQuiet(tools: QuietTools, longestMs: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  const queues = new Queues(tools.clients.sqs, tools.stack);
  await drain(tools, queues, deadline);
  await tools.cloud.advance(UNSEEN_MS);
  await drain(tools, queues, deadline);
}

/** Waits until events and messages went as far as faults let them, or `longestMs` of real time have passed. */
export async function untilCaughtUp({ stack, clients }: QuietTools, longestMs: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  const queues = new Queues(clients.sqs, stack);
  while (performance.now() < deadline) {
    const { ready } = await queues.backlog();
    if (ready === 0 && (await countUnpublished(clients, stack)) === 0) return;
    await delay(LOOK_MS);
  }
}

async function drain({ stack, clients, cloud, report }: QuietTools, queues: Queues, deadline: number): Promise<void> {
  const steps = [...STEPS_MS];
  let last = '';
  let still = 0;
  let toldAt = -Infinity;
  while (performance.now() < deadline) {
    await delay(LOOK_MS);
    const { ready, underWay, setAside } = await queues.backlog();
    const unpublished = await countUnpublished(clients, stack);
    const running = Object.keys(await cloud.runningInvocations()).length;
    const seen = `${unpublished} events unpublished, messages: ${ready} to go, ${underWay} under way, ${setAside} set aside`;
    if (seen !== last && performance.now() - toldAt >= TELL_MS) {
      report(seen);
      toldAt = performance.now();
    }
    still = seen === last && running === 0 ? still + 1 : 0;
    last = seen;
    const isQuiet = ready + underWay + setAside + unpublished === 0;
    if (isQuiet && still >= QUIET_LOOKS) return;
    if (isQuiet || still < STILL_LOOKS) continue;
    still = 0;
    if (setAside > 0) await queues.redrive();
    else await cloud.advance((steps.length > 1 ? steps.shift() : steps[0]) ?? MINUTE);
  }
}
