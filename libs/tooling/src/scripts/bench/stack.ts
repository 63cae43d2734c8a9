import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { runningLocalCloud } from '../local-cloud.ts';
import { outboxctl, unreconciled } from '../own-stack.ts';
import { memoryMb } from '../processes.ts';
import type { Progress } from '../progress.ts';
import { request } from '../request.ts';
import { UserError, type Settings } from '../settings.ts';
import { bringUp } from '../up.ts';
import { firstCalls, type FirstCall } from './first-calls.ts';
import { BACKLOG, placeAtRate, placeSteadily } from './load.ts';
import { customerOf } from './place.ts';
import { rounded, summary, timed, type Spread, type Timing } from './timing.ts';
import { effects, hops, lastEffectMs, traced, tracesOf, type Hops } from './traces.ts';

/** What the stack does with orders on this machine. */
export interface StackMeasures {
  readonly requests: Readonly<Record<string, Timing>>;
  /** Milliseconds from the first request after the deployment until every consumer was done. */
  readonly firstOrderMs: number;
  /** Of each function, by its name: how long it took to start, and its first call after that. */
  readonly firstCalls: Readonly<Record<string, FirstCall>>;
  /** From commit to each hop, by its name: of orders that have the stack for themselves, and of half the rate it can bear. */
  readonly hopsIdle: Hops;
  readonly hopsAtHalfLoad: Hops;
  /** From commit to effect, all consumers together. */
  readonly effectsIdle: Spread;
  readonly effectsAtHalfLoad: Spread;
  /** Orders in a second, from the first request until every consumer was done: with a flat backlog, and placed at once. */
  readonly sustainedPerSecond: number;
  readonly burstPerSecond: number;
  /** Messages in all queues while the sustained rate was measured. */
  readonly mostWaiting: number;
  readonly waitingAtEnd: number;
  /** Megabytes that the local cloud's process takes: before the first order, and after the last. */
  readonly memoryMb: { readonly before: number; readonly after: number };
  readonly orders: number;
  /** Requests that the API was too busy for. */
  readonly busy: number;
  /** What a million events would cost on AWS, as `outboxctl cost` has it. */
  readonly perMillionEvents: readonly PerMillion[];
}

/** The part of `outboxctl cost --json` that is read here: US dollars, by messages per invocation. */
export interface PerMillion {
  readonly batch: number;
  readonly usd: number;
  readonly plainUsd: number;
  readonly guarantees: readonly { readonly guarantee: string; readonly usd: number }[];
}

const ALONE = 20;
const AT_ONCE = [8, 32] as const;
const ORDERS = 320;
const STEADY_MS = 20_000;
const HALF_LOAD_MS = 15_000;
/** So many are traced of many: a trace is a process of its own. */
const TRACED = 30;

/**
 * Deploys the stack and places orders through its API: the first one, some that have it for themselves, many at once, as
 * many as it bears for long, and half as many.
 * @throws UserError when an order is refused, or `reconcile` finds anything in the end
 */
export async function measureStack(settings: Settings, progress: Progress): Promise<StackMeasures> {
  const terraform = await bringUp(settings, progress);
  const endpoint = await terraform.output('api_endpoint');
  const customer = customerOf(endpoint);
  const { place } = customer;
  const of = (orderIds: readonly string[]) => tracesOf(settings, terraform, orderIds);
  const before = await engineMemoryMb(settings);

  progress.note('orders: the first one');
  const firstAt = Date.now();
  const firstOrderMs = lastEffectMs([await traced(settings, terraform, await place())]) - firstAt;
  await request(`${endpoint}/customers/c-1/orders`);
  const calls = await firstCalls(new CloudWatchLogsClient());

  progress.note(`orders: ${ALONE}, each by itself`);
  const posts: number[] = [];
  const alone: string[] = [];
  for (let round = 0; round < ALONE; round += 1) {
    const started = performance.now();
    const orderId = await place();
    posts.push(performance.now() - started);
    alone.push(orderId);
    await traced(settings, terraform, orderId);
  }
  const requests: Record<string, Timing> = { 'POST /orders, one at a time': summary(posts, sum(posts)) };
  const idle = await of(alone);

  let burstPerSecond = 0;
  for (const atOnce of AT_ONCE) {
    progress.note(`orders: ${ORDERS}, ${atOnce} at once`);
    const placed: string[] = [];
    const started = Date.now();
    requests[`POST /orders, ${atOnce} at once`] = await timed(ORDERS, atOnce, async () => placed.push(await place()));
    // The next ones may not find the work of these.
    const last = lastEffectMs(await of(placed.slice(-AT_ONCE[0])));
    burstPerSecond ||= rounded((ORDERS * 1_000) / (last - started));
  }

  progress.note(
    `orders: ${STEADY_MS / 1_000} s at the rate that keeps the backlog flat, then ${HALF_LOAD_MS / 1_000} s at half of it`,
  );
  const steady = await placeSteadily(new SQSClient(), place, ({ ms }) => ms < STEADY_MS, BACKLOG);
  const doneAt = lastEffectMs(await of(steady.orderIds.slice(-AT_ONCE[0])));
  const sustainedPerSecond = rounded((steady.orderIds.length * 1_000) / (doneAt - steady.startedAt));
  const half = await of(sample(await placeAtRate(place, Math.max(1, sustainedPerSecond / 2), HALF_LOAD_MS)));

  const { stdout } = await outboxctl(settings, terraform.environment, ['cost', '--events-per-second', '1']);
  const { perMillionEvents } = JSON.parse(stdout) as Pick<StackMeasures, 'perMillionEvents'>;
  const found = await unreconciled(settings, terraform.environment);
  if (found !== undefined) throw new UserError(`orders were placed, and reconcile is not content:\n${found}`);
  return {
    requests,
    firstOrderMs,
    firstCalls: calls,
    hopsIdle: hops(idle),
    hopsAtHalfLoad: hops(half),
    effectsIdle: effects(idle),
    effectsAtHalfLoad: effects(half),
    sustainedPerSecond,
    burstPerSecond,
    mostWaiting: steady.mostWaiting,
    waitingAtEnd: steady.waitingAtEnd,
    memoryMb: { before, after: await engineMemoryMb(settings) },
    orders: customer.placed(),
    busy: customer.busy(),
    perMillionEvents,
  };
}

/** Every so many-th, and the last, so that all are waited for. */
function sample(orderIds: readonly string[]): readonly string[] {
  const every = Math.max(1, Math.floor(orderIds.length / TRACED));
  return orderIds.filter((_, index) => (orderIds.length - 1 - index) % every === 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function engineMemoryMb(settings: Settings): Promise<number> {
  const running = await runningLocalCloud(settings);
  return running === undefined ? 0 : memoryMb(running.pid);
}
