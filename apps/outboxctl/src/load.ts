import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { UsageError } from '@outbox/cli-kit';
import type { Stack } from './stack';
import { lastPeriods, OWN_NAMESPACE, ownDimensions, readFigures, type Figure, type Span } from './statistics';

/** How busy a stack is, and how that is known. */
export interface Load {
  readonly eventsPerSecond: number;
  readonly basis: 'asked' | 'measured';
  /** The basis in words. */
  readonly how: string;
}

export interface LoadOptions {
  readonly eventsPerSecond?: number;
}

const DAY_HOURS = 24;
const HOUR_SECONDS = 3_600;
const MINUTE_SECONDS = 60;

/** The last day in whole hours, the running one among them. */
export function lastDay(now: number): Span {
  return lastPeriods(now, HOUR_SECONDS, DAY_HOURS);
}

/** The load that was asked for. */
export function askedLoad({ eventsPerSecond }: LoadOptions): Load | undefined {
  if (eventsPerSecond === undefined) return undefined;
  return {
    eventsPerSecond,
    basis: 'asked',
    how: 'asked for',
  };
}

/** Events per second that were relayed in the last day, on average. @throws UsageError as `relayed` */
export async function averageLoad(cloudwatch: CloudWatchClient, stack: Stack, now: number): Promise<Load> {
  const hours = await relayed(cloudwatch, stack, HOUR_SECONDS, lastDay(now));
  const events = hours.reduce((sum, each) => sum + each, 0);
  const seconds = (now - lastDay(now).from) / 1000;
  return {
    eventsPerSecond: events / seconds,
    basis: 'measured',
    how: `${events} events relayed in the last ${Math.round(seconds / HOUR_SECONDS)} hours`,
  };
}

/** Events per second of the busiest minute of the last day. @throws UsageError as `relayed` */
export async function peakLoad(cloudwatch: CloudWatchClient, stack: Stack, now: number): Promise<Load> {
  const minutes = await relayed(cloudwatch, stack, MINUTE_SECONDS, lastPeriods(now, MINUTE_SECONDS, DAY_HOURS * 60));
  const events = Math.max(0, ...minutes);
  return {
    eventsPerSecond: events / MINUTE_SECONDS,
    basis: 'measured',
    how: `${events} events relayed in the busiest minute of the last day`,
  };
}

/** @throws UsageError when the stack doesn't tell where its relay is, or its relay counts nothing */
function relayed(cloudwatch: CloudWatchClient, stack: Stack, periodSeconds: number, span: Span) {
  const { relay_function_name: relay, observability } = stack;
  if (observability !== undefined && observability.custom_metrics !== 'all') {
    const problem = `the stack’s custom_metrics is ${observability.custom_metrics}`;
    throw new UsageError(`${problem}: nobody counts what is relayed, give --events-per-second`);
  }
  if (relay === undefined) {
    throw new UsageError('the stack has no output relay_function_name: apply it first, or give --events-per-second');
  }
  const figure: Figure = {
    namespace: OWN_NAMESPACE,
    name: 'EventsRelayed',
    dimensions: ownDimensions('outbox-relay', relay),
    stat: 'Sum',
    periodSeconds,
  };
  return readFigures(cloudwatch, [figure], span).then(([values = []]) => values);
}
