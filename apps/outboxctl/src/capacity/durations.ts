import { batchSeconds } from '@outbox/prices';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lastDay } from '../load';
import { queueName } from '../queue';
import { ACKNOWLEDGER, type Stack } from '../stack';
import { readFigures, type Figure } from '../statistics';

/** How long something takes on average, and whether that was measured. */
export interface Duration {
  readonly seconds: number;
  readonly basis: 'measured' | 'assumed';
}

/** Of a function that works on a queue. */
export interface BatchDuration extends Duration {
  /** Messages of its batches, on average. */
  readonly batch: number;
  /** Messages that it receives for each event of the outbox: below 1 where it listens to some, above where some come again. */
  readonly share: number;
}

/** What is looked at: the pipe's executions, the API and the relay, and what works on queues, by app. */
export interface Durations {
  readonly pipe: Duration;
  readonly api: Duration;
  readonly relay: Duration;
  readonly handlers: Readonly<Record<string, BatchDuration>>;
}

/** Where nothing has run yet, milliseconds; the price model assumes the same of functions. */
const ASSUMED_MS = { pipe: 50, api: 50, relay: 10, handler: 1_000 * batchSeconds(1) };
const PERIOD_SECONDS = 3_600;

/** The averages of the last day, cold starts' initialisation left out as Lambda does. */
export async function readDurations(cloudwatch: CloudWatchClient, stack: Stack, now: number): Promise<Durations> {
  const handlers = { [ACKNOWLEDGER]: stack.acknowledger, ...stack.consumers };
  const names = Object.keys(handlers);
  const queues = Object.values(handlers).map((handler) => (handler === undefined ? '-' : queueName(handler.queue_url)));
  const metrics: readonly Metric[] = [
    { namespace: 'AWS/EventBridge/Pipes', name: 'Duration', dimensions: { PipeName: stack.pipe_name } },
    ofFunction(stack.api_function_name),
    ofFunction(stack.relay_function_name),
    ...Object.values(handlers).map((handler) => ofFunction(handler?.function_name)),
  ];
  const figures = metrics.flatMap((metric) => ['Sum', 'SampleCount'].map((stat) => ({ ...metric, stat })));
  const messages = queues.map((QueueName) => ({
    namespace: 'AWS/SQS',
    name: 'NumberOfMessagesReceived',
    dimensions: { QueueName },
    stat: 'Sum',
  }));
  const asked = [...figures, ...messages].map((figure): Figure => ({ ...figure, periodSeconds: PERIOD_SECONDS }));
  const values = await readFigures(cloudwatch, asked, lastDay(now));
  const sums = asked.map((_, index) => (values[index] ?? []).reduce((sum, value) => sum + value, 0));
  const average = (index: number, assumedMs: number): Duration & { readonly runs: number } => {
    const [ms = 0, runs = 0] = sums.slice(2 * index, 2 * index + 2);
    return runs > 0
      ? { seconds: ms / runs / 1_000, basis: 'measured', runs }
      : { seconds: assumedMs / 1_000, basis: 'assumed', runs };
  };
  // The acknowledger gets every event.
  const ofEvents = figures.length + names.indexOf(ACKNOWLEDGER);
  const handler = (index: number): BatchDuration => {
    const { runs, ...duration } = average(3 + index, ASSUMED_MS.handler);
    const ofOwn = figures.length + index;
    const [own = 0, events = 0] = [sums[ofOwn], sums[ofEvents]];
    // In hours without any it may have been paused, or not there yet: they tell nothing of its share.
    const isWhole = own > 0 && events > 0 && (values[ofOwn] ?? []).length >= (values[ofEvents] ?? []).length;
    return { ...duration, batch: runs > 0 ? Math.max(1, own / runs) : 1, share: isWhole ? own / events : 1 };
  };
  const [pipe, api, relay] = [average(0, ASSUMED_MS.pipe), average(1, ASSUMED_MS.api), average(2, ASSUMED_MS.relay)];
  return { pipe, api, relay, handlers: Object.fromEntries(names.map((name, index) => [name, handler(index)])) };
}

type Metric = Omit<Figure, 'stat' | 'periodSeconds'>;

function ofFunction(FunctionName = '-'): Metric {
  return { namespace: 'AWS/Lambda', name: 'Duration', dimensions: { FunctionName } };
}
