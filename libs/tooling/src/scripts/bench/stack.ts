import { bringUp } from '../up.ts';
import { placeOrder } from '../order-clients.ts';
import { outboxctl, unreconciled } from '../own-stack.ts';
import type { Progress } from '../progress.ts';
import { UserError, type Settings } from '../settings.ts';
import type { LocalTerraform } from '../terraform.ts';
import { spread, summary, timed, type Spread, type Timing } from './timing.ts';

/** What the stack does with orders on this machine. */
export interface StackMeasures {
  readonly requests: Readonly<Record<string, Timing>>;
  /** From commit to each hop, by its name: of orders that have the stack for themselves, and of many at once. */
  readonly hopsAlone: Hops;
  readonly hopsUnderLoad: Hops;
  /** Orders in a second, from the first request until every consumer was done. */
  readonly ordersPerSecond: number;
}

export type Hops = Readonly<Record<string, Spread>>;

/** The part of `outboxctl trace --json` that is read here. */
interface Traced {
  readonly events: readonly {
    readonly committedAt: string;
    readonly relayedAt?: string;
    readonly publishedAt?: string;
    readonly consumers: readonly { readonly consumer: string; readonly appliedAt?: string }[];
  }[];
}

const ALONE = 20;
const ORDERS = 400;
const AT_ONCE = 8;
/** Every so many-th order is traced: a trace is a process of its own. */
const TRACED_OF = 8;

/**
 * Deploys the stack and places orders through its API: first one after the other, each when the one before is done, then
 * many at once.
 * @throws UserError when an order is refused, or `reconcile` finds anything in the end
 */
export async function measureStack(settings: Settings, progress: Progress): Promise<StackMeasures> {
  const terraform = await bringUp(settings, progress);
  const endpoint = await terraform.output('api_endpoint');
  const traces = async (orderIds: readonly string[]): Promise<readonly Traced[]> => {
    // Twice: it waits for the consumers, and the acknowledger may be a moment later.
    for (const orderId of orderIds) await traced(settings, terraform, orderId);
    const found: Traced[] = [];
    for (const orderId of orderIds) found.push(await traced(settings, terraform, orderId));
    return found;
  };

  // The first order finds every function cold.
  await traces([await placed(endpoint)]);

  const posts: number[] = [];
  const alone: string[] = [];
  for (let round = 0; round < ALONE; round += 1) {
    const started = performance.now();
    const orderId = await placed(endpoint);
    posts.push(performance.now() - started);
    alone.push(orderId);
    await traced(settings, terraform, orderId);
  }
  const hopsAlone = hops(await traces(alone));

  const sample: string[] = [];
  const started = Date.now();
  const atOnce = await timed(ORDERS, AT_ONCE, async (index) => {
    const orderId = await placed(endpoint);
    if (index % TRACED_OF === 0 || index === ORDERS - 1) sample.push(orderId);
  });
  const loaded = await traces(sample);
  const last = Math.max(...loaded.flatMap(({ events }) => events.flatMap(({ consumers }) => consumers.map(appliedMs))));

  const found = await unreconciled(settings, terraform.environment);
  if (found !== undefined) throw new UserError(`orders were placed, and reconcile is not content:\n${found}`);
  return {
    requests: {
      'POST /orders, one at a time': summary(
        posts,
        posts.reduce((sum, one) => sum + one, 0),
      ),
      [`POST /orders, ${AT_ONCE} at once`]: atOnce,
    },
    hopsAlone,
    hopsUnderLoad: hops(loaded),
    ordersPerSecond: Math.round((ORDERS * 10_000) / (last - started)) / 10,
  };
}

async function placed(endpoint: string): Promise<string> {
  const { status, text } = await placeOrder(endpoint);
  if (status !== 201) throw new UserError(`POST /orders was answered ${status}: ${text}`);
  return (JSON.parse(text) as { orderId: string }).orderId;
}

/** Waits until every consumer is done. */
async function traced(settings: Settings, { environment }: LocalTerraform, orderId: string): Promise<Traced> {
  const { stdout } = await outboxctl(settings, environment, ['trace', `order/${orderId}`, '--wait', '120']);
  return JSON.parse(stdout) as Traced;
}

function hops(traces: readonly Traced[]): Hops {
  const durations = new Map<string, number[]>();
  const add = (hop: string, from: string, to: string | undefined): void => {
    if (to === undefined) return;
    durations.set(hop, [...(durations.get(hop) ?? []), Date.parse(to) - Date.parse(from)]);
  };
  for (const { committedAt, relayedAt, publishedAt, consumers } of traces.flatMap(({ events }) => events)) {
    add('relayed', committedAt, relayedAt);
    for (const { consumer, appliedAt } of consumers) add(`done by ${consumer}`, committedAt, appliedAt);
    add('acknowledged', committedAt, publishedAt);
  }
  return Object.fromEntries([...durations].map(([hop, values]) => [hop, spread(values)]));
}

function appliedMs({ appliedAt }: { readonly appliedAt?: string }): number {
  return appliedAt === undefined ? 0 : Date.parse(appliedAt);
}
