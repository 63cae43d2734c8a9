import { outboxctl } from '../own-stack.ts';
import type { Settings } from '../settings.ts';
import type { LocalTerraform } from '../terraform.ts';
import { spread, type Spread } from './timing.ts';

/** From the commit to each hop, by its name. */
export type Hops = Readonly<Record<string, Spread>>;

/** The part of `outboxctl trace --json` that is read here. */
export interface Traced {
  readonly events: readonly {
    readonly committedAt: string;
    readonly relayedAt?: string;
    readonly publishedAt?: string;
    readonly consumers: readonly { readonly consumer: string; readonly appliedAt?: string }[];
  }[];
}

/** Waits until every consumer is done with an order, and tells what it went through. */
export async function traced(settings: Settings, { environment }: LocalTerraform, orderId: string): Promise<Traced> {
  const { stdout } = await outboxctl(settings, environment, ['trace', `order/${orderId}`, '--wait', '120']);
  return JSON.parse(stdout) as Traced;
}

/**
 * The same of several orders, when all of them are done: each is asked for after the last one was waited for, as the
 * acknowledger may be a moment later than the consumers.
 */
export async function tracesOf(
  settings: Settings,
  terraform: LocalTerraform,
  orderIds: readonly string[],
): Promise<readonly Traced[]> {
  for (const orderId of orderIds.slice(-1)) await traced(settings, terraform, orderId);
  const found: Traced[] = [];
  for (const orderId of orderIds) found.push(await traced(settings, terraform, orderId));
  return found;
}

export function hops(traces: readonly Traced[]): Hops {
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

/** From the commit to each consumer's effect, every consumer taken together. */
export function effects(traces: readonly Traced[]): Spread {
  return spread(
    traces
      .flatMap(({ events }) => events)
      .flatMap(({ committedAt, consumers }) =>
        consumers.flatMap(({ appliedAt }) =>
          appliedAt === undefined ? [] : [Date.parse(appliedAt) - Date.parse(committedAt)],
        ),
      ),
  );
}

/** When the last consumer was done with the last of these orders, in milliseconds since the epoch. */
export function lastEffectMs(traces: readonly Traced[]): number {
  const effectsOf = traces.flatMap(({ events }) => events).flatMap(({ consumers }) => consumers);
  return Math.max(0, ...effectsOf.map(({ appliedAt }) => (appliedAt === undefined ? 0 : Date.parse(appliedAt))));
}
