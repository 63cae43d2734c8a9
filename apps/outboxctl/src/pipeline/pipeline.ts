import type { Condition, Pipeline, StageKind, StageView } from '@outbox/console-api';
import { loadLag } from '../lag/lag';
import type { Stage } from '../lag/stage';
import { pausableOf, runStateOf, type PausingClients, type RunState } from '../pausing';
import { ACKNOWLEDGER, PIPE, type Stack } from '../stack';
import { lastPeriods, OWN_NAMESPACE, ownDimensions, readSeries, type Figure } from '../statistics';
import type { CliContext } from '../commands/context';
import { loadAlarms } from './alarms';

type Context = Pick<CliContext, 'dynamodb' | 'sqs' | 'cloudwatch' | 'lambda' | 'pipes' | 'now'>;

const MINUTE_SECONDS = 60;
/** What a page draws as the last half hour. */
const MINUTES = 30;
/** Attempts that failed so lately are why a stage is `failing`. */
const FAILING_MINUTES = 2;

/** What a stage is judged by, besides what waits there. */
export interface Evidence {
  readonly kind: StageKind;
  /** Whether it is switched on; undefined: it can't be switched. */
  readonly run?: RunState;
  readonly perMinute?: readonly number[];
  readonly failedPerMinute?: readonly number[];
}

/** All of the pipeline at once: what waits where, what came through minute by minute, what is switched off, what rings. */
export async function loadPipeline(context: Context, stack: Stack): Promise<Pipeline> {
  const now = context.now();
  const clients = { dynamodb: context.dynamodb(), sqs: context.sqs(), cloudwatch: context.cloudwatch() };
  const [lag, evidence, alarms] = await Promise.all([
    loadLag(clients, stack, now),
    loadEvidence(context, stack, now),
    loadAlarms(clients.cloudwatch, stack),
  ]);
  const stages = lag.stages.map((stage) =>
    judgeStage(stage, evidence[stage.stage] ?? { kind: 'outbox' }, lag.objectiveSeconds),
  );
  return { at: lag.at, objectiveSeconds: lag.objectiveSeconds, stages, alarms };
}

/** A stage with its condition, and why. Pure. */
export function judgeStage(stage: Stage, evidence: Evidence, objectiveSeconds: number): StageView {
  const { stage: name, waiting = 0, underWay = 0, oldestSeconds, lagMs, deadLetters = 0 } = stage;
  const { kind, run, perMinute, failedPerMinute } = evidence;
  const failed = (failedPerMinute ?? []).slice(-FAILING_MINUTES).reduce((sum, each) => sum + each, 0);
  const isOld = typeof oldestSeconds === 'number' && oldestSeconds > objectiveSeconds;
  const isSlow = lagMs !== undefined && lagMs !== null && lagMs.p99 > objectiveSeconds * 1000;
  const says: [Condition, string][] = [
    ...(run && !run.runs ? [['stopped', stoppedSentence(kind, run)] satisfies [Condition, string]] : []),
    ...(failed > 0
      ? [['failing', `${failed} failed attempts in ${FAILING_MINUTES} minutes`] satisfies [Condition, string]]
      : []),
    ...(deadLetters > 0 ? [['behind', `${deadLetters} dead letters`] satisfies [Condition, string]] : []),
    ...(isOld ? [['behind', `the oldest waits for ${Math.round(oldestSeconds)} s`] satisfies [Condition, string]] : []),
    ...(isSlow
      ? [['behind', `1 % takes longer than ${(lagMs.p99 / 1000).toFixed(1)} s`] satisfies [Condition, string]]
      : []),
  ];
  const [worst] = says.map(([condition]) => condition);
  const { stage: _, ...figures } = stage;
  return {
    name,
    kind,
    condition: worst ?? (waiting + underWay > 0 ? 'waiting' : 'running'),
    says: says.map(([, sentence]) => sentence),
    ...figures,
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(failed > 0 ? { failed } : {}),
    ...(run === undefined ? {} : { paused: !run.runs }),
  };
}

function stoppedSentence(kind: StageKind, { state, reason }: RunState): string {
  const what = kind === 'relay' ? 'the pipe is' : 'its event source mapping is';
  return `${what} ${state}${reason === undefined ? '' : `: ${reason}`}`;
}

async function loadEvidence(context: Context, stack: Stack, now: number): Promise<Readonly<Record<string, Evidence>>> {
  const pausing: PausingClients = { lambda: context.lambda(), pipes: context.pipes(), sqs: context.sqs() };
  const { relay_function_name: relay, acknowledger, consumers } = stack;
  const stages = [
    ...(relay === undefined
      ? []
      : [{ name: 'outbox-relay', kind: 'relay' as const, fn: relay, metric: 'EventsRelayed', switchName: PIPE }]),
    ...(acknowledger
      ? [
          {
            name: ACKNOWLEDGER,
            kind: 'acknowledger' as const,
            fn: acknowledger.function_name,
            metric: 'Acknowledged',
            switchName: ACKNOWLEDGER,
          },
        ]
      : []),
    ...Object.entries(consumers).map(([name, { function_name: fn }]) => ({
      name,
      kind: 'consumer' as const,
      fn,
      metric: 'Applied',
      switchName: name,
    })),
  ];
  const figure = (name: string, app: string, fn: string): Figure => ({
    namespace: OWN_NAMESPACE,
    name,
    dimensions: ownDimensions(app, fn),
    stat: 'Sum',
    periodSeconds: MINUTE_SECONDS,
  });
  const figures = stages.flatMap(({ name, fn, metric }) => [figure(metric, name, fn), figure('Failed', name, fn)]);
  const [series, runs] = await Promise.all([
    readSeries(context.cloudwatch(), figures, lastPeriods(now, MINUTE_SECONDS, MINUTES)),
    Promise.all(stages.map(({ switchName }) => runStateOf(pausing, pausableOf(stack, switchName)))),
  ]);
  return Object.fromEntries(
    stages.map(({ name, kind }, index): [string, Evidence] => {
      const [perMinute, failedPerMinute, run] = [series[2 * index], series[2 * index + 1], runs[index]];
      return [name, { kind, ...(run ? { run } : {}), perMinute, failedPerMinute }];
    }),
  );
}
