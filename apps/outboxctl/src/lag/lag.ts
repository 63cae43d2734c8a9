import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { readBacklog } from '@outbox/outbox-dynamodb';
import { ACKNOWLEDGER, type Stack } from '../stack';
import { lastPeriods, OWN_NAMESPACE, ownDimensions, readFigures } from '../statistics';
import { queueDepth } from '../queue';
import { oldestMessageAges } from './oldest-message';
import { behindIn, type LagReport, type Stage, type StageLag } from './stage';

export interface LagClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly cloudwatch: CloudWatchClient;
}

/** The objective of a stack that doesn't say its own. */
const DEFAULT_OBJECTIVE_SECONDS = 60;
/** Percentiles are of five minutes: the running ones and the five before. */
const LAG_PERIOD_SECONDS = 300;
const LAG_PERIODS = 2;

/** Looks at every stage at once: tables and queues as they are at `now` (epoch milliseconds), lags of the minutes before. */
export async function loadLag(clients: LagClients, stack: Stack, now: number): Promise<LagReport> {
  const { acknowledger, relay_function_name: relay } = stack;
  const [outbox, ...stages] = await Promise.all([
    outboxStage(clients, stack, now),
    ...(relay === undefined ? [] : [relayStage(clients, relay, stack.pipe_dlq_url, now)]),
    ...(acknowledger ? [handlerStage(clients, ACKNOWLEDGER, 'PublishLag', acknowledger, now)] : []),
    ...Object.entries(stack.consumers).map(([name, consumer]) =>
      handlerStage(clients, name, 'ConsumerLag', consumer, now),
    ),
  ]);
  const objectiveSeconds = stack.lag_objective?.seconds ?? DEFAULT_OBJECTIVE_SECONDS;
  const writesLags = (stack.observability?.custom_metrics ?? 'all') === 'all';
  const all = [outbox, ...stages].map(({ lagMs, ...stage }) => (writesLags ? { ...stage, lagMs } : stage));
  return { at: new Date(now).toISOString(), objectiveSeconds, stages: all, behind: behindIn(all, objectiveSeconds) };
}

/** What is committed and not yet seen on the bus; the dead letters are sweeps that could not be started. */
async function outboxStage({ dynamodb, sqs }: LagClients, stack: Stack, now: number): Promise<Stage> {
  const [{ count, oldest }, dead] = await Promise.all([
    readBacklog({ dynamodb, tableName: stack.outbox_table_name }),
    deadLetters(sqs, stack.sweeper_dlq_url),
  ]);
  return {
    stage: 'outbox',
    waiting: count,
    ...(oldest === undefined ? {} : { oldestSeconds: Math.max(0, now - Date.parse(oldest)) / 1000 }),
    ...dead,
  };
}

async function relayStage(
  { cloudwatch, sqs }: LagClients,
  functionName: string,
  dlqUrl: string | undefined,
  now: number,
): Promise<Stage> {
  const [lagMs, dead] = await Promise.all([
    stageLag(cloudwatch, 'RelayLag', 'outbox-relay', functionName, now),
    deadLetters(sqs, dlqUrl),
  ]);
  return { stage: 'outbox-relay', lagMs, ...dead };
}

/** A queue with the function behind it. */
async function handlerStage(
  { cloudwatch, sqs }: LagClients,
  app: string,
  metric: string,
  { queue_url, dlq_url, function_name }: Record<'queue_url' | 'dlq_url' | 'function_name', string>,
  now: number,
): Promise<Stage> {
  const [depth, dead, lagMs, ages] = await Promise.all([
    queueDepth(sqs, queue_url),
    deadLetters(sqs, dlq_url),
    stageLag(cloudwatch, metric, app, function_name, now),
    oldestMessageAges(cloudwatch, queue_url, now),
  ]);
  const isEmpty = depth.waiting + depth.underWay === 0;
  return { stage: app, ...depth, ...(isEmpty ? {} : { oldestSeconds: ages[0] ?? null }), lagMs, ...dead };
}

async function stageLag(
  cloudwatch: CloudWatchClient,
  name: string,
  app: string,
  functionName: string,
  now: number,
): Promise<StageLag | null> {
  const figures = ['p50', 'p99'].map((stat) => ({
    namespace: OWN_NAMESPACE,
    name,
    dimensions: ownDimensions(app, functionName),
    stat,
    periodSeconds: LAG_PERIOD_SECONDS,
  }));
  const span = lastPeriods(now, LAG_PERIOD_SECONDS, LAG_PERIODS);
  const [p50s = [], p99s = []] = await readFigures(cloudwatch, figures, span);
  return p99s.length === 0 ? null : { p50: Math.max(...p50s), p99: Math.max(...p99s) };
}

async function deadLetters(sqs: SQSClient, url: string | undefined): Promise<Pick<Stage, 'deadLetters'>> {
  if (url === undefined) return {};
  const { waiting, underWay } = await queueDepth(sqs, url);
  return { deadLetters: waiting + underWay };
}
