import type { CloudWatchClient, GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { GetQueueAttributesRequest, SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { NOW, runVerb } from '../testing/run-verb';
import { stackOf } from '../testing/stack';
import type { LagReport } from './stage';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

describe('outboxctl lag', () => {
  it('goes along the way of an event, and is content when nothing is behind', async () => {
    const run = await setUp({
      figures: { 'ConsumerLag p50 f-labels': [20, 35], 'ConsumerLag p99 f-labels': [90, 70] },
    });
    const { exitCode, out } = await run('lag');
    expect(exitCode).toBe(0);
    expect(out).toContain('nothing is behind');
    expect(
      out
        .split('\n')
        .slice(2, 7)
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(['outbox', 'outbox-relay', 'outbox-acknowledger', 'labels', 'mails']);
    // Of two periods the slower one.
    expect(out).toMatch(/labels +0 +0 +- +35 ms +90 ms +0/);
    expect(out).toMatch(/mails +0 +0 +- +none +none +0/);
  });

  it('finds the oldest commit, claimed again and again or never, and counts what still waits', async () => {
    const shard = (count: number, due: number) =>
      Array.from({ length: count }, (_, index) => ({ committed: due + index - 60, due: due + index }));
    // Committed before all the others; the sweeper has put it off until the far future.
    const run = await setUp({ unpublished: [...shard(30, -40), { committed: -500, due: 4_000 }] });
    const { stages, behind } = await report(run);
    expect(stages[0]).toEqual({ stage: 'outbox', waiting: 31, oldestSeconds: 500, deadLetters: 0 });
    expect(behind).toEqual(['outbox: the oldest waits for 500 s']);
    expect((await run('lag')).exitCode).toBe(1);
    expect((await report(await setUp({ unpublished: shard(30, -40) }))).stages[0]?.oldestSeconds).toBe(100);
  });

  it('says where a queue is behind, and where there is no figure yet', async () => {
    const run = await setUp({
      objective: 30,
      queues: { labels: [4, 2], mails: [7, 0], 'pipe-dlq': [0, 3] },
      figures: {
        'ApproximateAgeOfOldestMessage Maximum labels': [31, 5_000],
        'PublishLag p50 f-ack': [100],
        'PublishLag p99 f-ack': [30_001],
      },
    });
    const { stages, behind } = await report(run);
    expect(stages.find(({ stage }) => stage === 'labels')).toMatchObject({
      waiting: 4,
      underWay: 2,
      oldestSeconds: 31,
    });
    expect(behind).toEqual([
      'outbox-relay: 3 dead letters',
      'outbox-acknowledger: p99 of the lag is 30.0 s',
      'labels: the oldest waits for 31 s',
    ]);
    const { exitCode, out } = await run('lag');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/mails +7 +0 +\?/);
  });

  it('says so where nobody writes how long events take', async () => {
    const outputs = { observability: { profile: 'essential', custom_metrics: 'sweeper', log_sample_rate: 1 } };
    const run = await setUp({ outputs, queues: { mails: [7, 0] } });
    const { stages } = await report(run);
    expect(stages.filter((stage) => 'lagMs' in stage)).toEqual([]);
    const { out } = await run('lag');
    expect(out).toContain('no lags: the stack’s functions write none (custom_metrics)');
    expect(out).toMatch(/^mails +7 /m);
    expect((await (await setUp({}))('lag')).out).toContain('lag: from the commit');
  });

  it('takes no old age from a queue that is empty by now', async () => {
    const run = await setUp({ figures: { 'ApproximateAgeOfOldestMessage Maximum labels': [500] } });
    expect((await report(run)).behind).toEqual([]);
  });

  it('tells of a stack that has fewer outputs what it can', async () => {
    const missing = ['relay_function_name', 'acknowledger', 'pipe_dlq_url', 'sweeper_dlq_url', 'lag_objective'];
    const run = await setUp({ outputs: Object.fromEntries(missing.map((name) => [name, undefined])) });
    const { stages, objectiveSeconds } = await report(run);
    expect(stages.map(({ stage }) => stage)).toEqual(['outbox', 'labels', 'mails']);
    expect(objectiveSeconds).toBe(60);
  });
});

async function report(run: Awaited<ReturnType<typeof setUp>>): Promise<LagReport> {
  return JSON.parse((await run('--json', 'lag')).out) as LagReport;
}

interface Setting {
  readonly objective?: number;
  /** Seconds from now of the commit and of when it is due. */
  readonly unpublished?: readonly { readonly committed: number; readonly due: number }[];
  /** Queue: messages that wait, and under way. */
  readonly queues?: Readonly<Record<string, readonly [waiting: number, underWay: number]>>;
  /** `metric stat function-or-queue`: values, the newest first, a page each. */
  readonly figures?: Readonly<Record<string, readonly number[]>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

let tables = 0;

async function setUp({ objective = 60, unpublished = [], queues = {}, figures = {}, outputs = {} }: Setting) {
  const outbox = `outbox-${(tables += 1)}`;
  await createOutboxTable(outbox);
  for (const [index, { committed, due }] of unpublished.entries()) {
    await local.client.send(
      new PutItemCommand({
        TableName: outbox,
        Item: {
          pk: { S: 'parcel#p-1' },
          sk: { S: `EVENT#${String(index).padStart(10, '0')}` },
          unpublishedShard: { S: 's3' },
          committedAt: { S: time(committed) },
          dueAt: { S: time(due) },
        },
      }),
    );
  }
  const cloudwatch = recordingClient((input) => page(input as GetMetricDataInput, figures));
  const sqs = recordingClient((input) => {
    const [waiting, underWay] = queues[String((input as GetQueueAttributesRequest).QueueUrl).split('/')[4] ?? ''] ?? [
      0, 0,
    ];
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(waiting),
        ApproximateNumberOfMessagesNotVisible: String(underWay),
        ApproximateNumberOfMessagesDelayed: '0',
      },
    };
  });
  const stack = stackOf({ outbox_table_name: outbox, lag_objective: { percent: 99, seconds: objective }, ...outputs });
  return (...argv: readonly string[]) =>
    runVerb(
      {
        stack: () => Promise.resolve(stack),
        dynamodb: () => local.client,
        sqs: () => sqs as unknown as SQSClient,
        cloudwatch: () => cloudwatch as unknown as CloudWatchClient,
      },
      argv,
    );
}

/** One value of each figure a page, as CloudWatch may. */
function page(
  { MetricDataQueries = [], NextToken, StartTime, EndTime }: GetMetricDataInput,
  figures: Setting['figures'],
) {
  const at = Number(NextToken ?? 0);
  let more = false;
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
    const { Metric, Stat, Period = 0 } = MetricStat ?? {};
    expect([StartTime, EndTime].map((time) => Number(time) % (Period * 1000))).toEqual([0, 0]);
    const values = figures?.[`${Metric?.MetricName} ${Stat} ${Metric?.Dimensions?.at(-1)?.Value}`] ?? [];
    if (values.length > at + 1) more = true;
    return { Id, Values: values.slice(at, at + 1) };
  });
  return { MetricDataResults, ...(more ? { NextToken: String(at + 1) } : {}) };
}

function time(secondsFromNow: number): string {
  return new Date(NOW + secondsFromNow * 1000).toISOString();
}

async function createOutboxTable(TableName: string): Promise<void> {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await local.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', 'unpublishedShard', 'dueAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'unpublished',
          KeySchema: key('unpublishedShard', 'dueAt'),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
}
