import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lastDay } from '../load';
import { ACKNOWLEDGER, type Stack } from '../stack';
import { readFigures, type Figure } from '../statistics';

/** How long something takes on average, and whether that was measured. */
export interface Duration {
  readonly seconds: number;
  readonly basis: 'measured' | 'assumed';
}

/** What is looked at: the pipe's executions, and functions by app. */
export interface Durations {
  readonly pipe: Duration;
  readonly functions: Readonly<Record<string, Duration>>;
}

/** Where nothing has run yet, milliseconds; the price model assumes the same of functions. */
const ASSUMED_MS = { pipe: 50, api: 50, 'outbox-relay': 10, handler: 30 };
const PERIOD_SECONDS = 3_600;

/** The averages of the last day, cold starts' initialisation left out as Lambda does. */
export async function readDurations(cloudwatch: CloudWatchClient, stack: Stack, now: number): Promise<Durations> {
  const functions: Readonly<Record<string, string | undefined>> = {
    api: stack.api_function_name,
    'outbox-relay': stack.relay_function_name,
    [ACKNOWLEDGER]: stack.acknowledger?.function_name,
    ...Object.fromEntries(Object.entries(stack.consumers).map(([name, { function_name }]) => [name, function_name])),
  };
  const apps = Object.keys(functions);
  const metrics: Omit<Figure, 'stat' | 'periodSeconds'>[] = [
    { namespace: 'AWS/EventBridge/Pipes', name: 'Duration', dimensions: { PipeName: stack.pipe_name } },
    ...apps.map((app) => ({
      namespace: 'AWS/Lambda',
      name: 'Duration',
      dimensions: { FunctionName: functions[app] ?? '-' },
    })),
  ];
  const figures = metrics.flatMap((metric) =>
    ['Sum', 'SampleCount'].map((stat): Figure => ({ ...metric, stat, periodSeconds: PERIOD_SECONDS })),
  );
  const values = await readFigures(cloudwatch, figures, lastDay(now));
  const average = (index: number, assumedMs: number): Duration => {
    const [sum, samples] = [2 * index, 2 * index + 1].map((at) => (values[at] ?? []).reduce((a, b) => a + b, 0));
    return samples
      ? { seconds: (sum ?? 0) / samples / 1000, basis: 'measured' }
      : { seconds: assumedMs / 1000, basis: 'assumed' };
  };
  return {
    pipe: average(0, ASSUMED_MS.pipe),
    functions: Object.fromEntries(
      apps.map((app, index) => [
        app,
        average(index + 1, app === 'api' || app === 'outbox-relay' ? ASSUMED_MS[app] : ASSUMED_MS.handler),
      ]),
    ),
  };
}
