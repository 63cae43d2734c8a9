import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DescribeStreamInput, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { LambdaClient, ListEventSourceMappingsRequest } from '@aws-sdk/client-lambda';
import type { PipesClient } from '@aws-sdk/client-pipes';
import type { GetQueueAttributesRequest, SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient } from '@outbox/testing';
import { metricsOf } from '../testing/metrics';
import { runVerb } from '../testing/run-verb';
import { stackOf } from '../testing/stack';
import type { CapacityReport } from './report';

describe('outboxctl capacity', () => {
  it('finds what binds first, and fails when the load is more', async () => {
    const { exitCode, report } = await capacity({ apiLimit: 100 }, '--events-per-second', '50');
    expect(exitCode).toBe(0);
    expect(report.binding).toEqual({ part: 'API', eventsPerSecond: 100, lever: 'api_throttling' });
    expect(await capacity({ apiLimit: 100 }, '--events-per-second', '150')).toMatchObject({
      exitCode: 1,
      report: { fits: false, binding: { part: 'API', eventsPerSecond: 100 } },
    });
  });

  it('takes the busiest minute where no load is asked for, and needs one', async () => {
    const busy = { 'EventsRelayed Sum f-relay': [60, 1_200, 0] };
    expect((await capacity({ figures: busy })).report.load).toMatchObject({ eventsPerSecond: 20, basis: 'measured' });
    expect(await capacity({})).toMatchObject({ exitCode: 2, err: expect.stringContaining('--events-per-second') });
  });

  it('needs as many at a time as rate times measured duration', async () => {
    const figures = {
      'Duration Sum f-mails': [3_000, 9_000],
      'Duration SampleCount f-mails': [10, 30],
    };
    const { limit } = await capacity({ figures, maximumConcurrency: 20 }, '--events-per-second', '100');
    expect(limit('mails')).toMatchObject({ needed: 30, limit: 20, percent: 150 });
    expect(limit('mails')?.because).toBe('batches of one, 300 ms each (measured: 300 ms for 1)');
    // 50 ms of the API, 30 ms of labels and acknowledger, 10 ms of the relay: nothing was measured of them.
    expect(limit('labels')?.because).toBe('batches of one, 30 ms each (assumed)');
    expect(limit('functions, account')?.needed).toBeCloseTo(30 + 5 + 3 + 3 + 1);
  });

  it('takes full batches where the mapping has a limit', async () => {
    const figures = { 'Duration Sum f-mails': [3_000], 'Duration SampleCount f-mails': [10] };
    const { limit } = await capacity({ figures, maximumConcurrency: 5, batch: 10 }, '--events-per-second', '100');
    expect(limit('mails')).toMatchObject({ needed: 21, limit: 5, lever: 'maximum_concurrency of mails' });
    // Of batches of one, which a batch of ten takes seven times as long as.
    expect(limit('mails')?.because).toBe('batches of 10, 2100 ms each (measured: 300 ms for 1)');
    expect(limit('outbox-acknowledger')).toMatchObject({ limit: 5, lever: 'acknowledger_concurrency' });
    const unlimited = await capacity({ figures, batch: 10 }, '--events-per-second', '100');
    expect(unlimited.limit('mails')).toMatchObject({ needed: 30, limit: 1_250 });
  });

  it('goes by the batches that were measured, and by which of the events a consumer gets', async () => {
    const figures = {
      'Duration Sum f-mails': [10_000],
      'Duration SampleCount f-mails': [100],
      'NumberOfMessagesReceived Sum mails': [700],
      'NumberOfMessagesReceived Sum ack': [1_400],
    };
    const at = (rate: string) => capacity({ figures, maximumConcurrency: 5, batch: 10 }, '--events-per-second', rate);
    const { limit } = await at('100');
    // Half of the events, in batches that took 100 ms for seven messages: 140 ms for ten.
    expect(limit('mails')?.needed).toBeCloseTo((100 * 0.5 * 0.14) / 10);
    expect(limit('mails')?.because).toBe('batches of 10, 140 ms each, of 50 % of the events (measured: 100 ms for 7)');
    expect(limit('bus, rules')).toMatchObject({ needed: 250, because: '2.5 queues an event' });
    // It was added an hour ago, or paused till then.
    const hours = { ...figures, 'NumberOfMessagesReceived Sum ack': [700, 700] };
    const young = await capacity({ figures: hours, maximumConcurrency: 5, batch: 10 }, '--events-per-second', '100');
    expect(young.limit('mails')?.needed).toBeCloseTo((100 * 0.14) / 10);
  });

  it('counts the shards that are open, and those that the table has under the load', async () => {
    const measured = { 'Duration Sum pipe': [200], 'Duration SampleCount pipe': [1] };
    const pipe = async (rate: string) =>
      (await capacity({ figures: measured }, '--events-per-second', rate)).limit('pipe');
    // Two open shards of three; a batch of ten takes 0.2 s.
    expect(await pipe('100')).toMatchObject({ needed: 2, limit: 2, eventsPerSecondAtMost: 100 });
    // 8,000 write units/s are eight partitions.
    expect(await pipe('1000')).toMatchObject({ needed: 20, limit: 8, lever: 'pipe_parallelization_factor = 3' });
  });

  it('is slowed down by a new table, but not bound by it', async () => {
    const { exitCode, limit } = await capacity({ parallel: 10 }, '--events-per-second', '600');
    expect(exitCode).toBe(0);
    expect(limit('outbox table, new')).toMatchObject({ needed: 4_800, limit: 4_000, grows: true });
  });

  it('goes by the region’s quotas', async () => {
    const bus = async (region: string) =>
      (await capacity({}, '--events-per-second', '1', '--region', region)).limit('bus, PutEvents')?.limit;
    expect([await bus('us-east-1'), await bus('eu-central-1'), await bus('af-south-1')]).toEqual([10_000, 2_400, 400]);
    const unknown = await capacity({ outputs: { api_authorization: undefined } }, '--events-per-second', '1');
    expect([unknown.exitCode, unknown.err]).toEqual([2, expect.stringContaining('--region')]);
  });

  it('tells a person what binds, and where every figure comes from', async () => {
    const { out, report } = await capacity({ human: true }, '--events-per-second', '10');
    expect(report).toBeUndefined();
    expect(out).toContain('pipe binds first, at 400 events/s: pipe_parallelization_factor = 2');
    expect(out).toMatch(/^outbox table +80 +40000 +write units\/s +0\.2 % +5000$/m);
    // What was broken to fit is one line again.
    const [, ...sources] = out.slice(out.indexOf('most/s: events')).replaceAll('\n  ', ' ').split('\n');
    expect(sources).toHaveLength(14);
    for (const line of sources) expect(line).toMatch(/^.+: .+; limit: .+$/);
  });
});

interface Setting {
  readonly apiLimit?: number;
  readonly parallel?: number;
  readonly maximumConcurrency?: number;
  readonly batch?: number;
  readonly figures?: Readonly<Record<string, readonly number[]>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly human?: boolean;
}

async function capacity(setting: Setting, ...argv: readonly string[]) {
  const {
    apiLimit = 10_000,
    parallel = 1,
    maximumConcurrency,
    batch,
    figures = {},
    outputs = {},
    human = false,
  } = setting;
  const client = <T>(answer: (input: unknown) => unknown) => {
    const recording = recordingClient(answer);
    return () => recording as unknown as T;
  };
  const range = (EndingSequenceNumber?: string) => ({ SequenceNumberRange: { EndingSequenceNumber } });
  const parts = {
    stack: () =>
      Promise.resolve(
        stackOf({ api_id: 'a', api_authorization: { type: 'AWS_IAM', region: 'us-east-1' }, ...outputs }),
      ),
    cloudwatch: metricsOf(figures),
    apigateway: client<ApiGatewayV2Client>(() => ({
      DefaultRouteSettings: { ThrottlingRateLimit: 10_000 },
      RouteSettings: {
        'POST /things': { ThrottlingRateLimit: apiLimit },
        'GET /things/{id}': { ThrottlingRateLimit: 1 },
      },
    })),
    dynamodb: client<DynamoDBClient>(() => ({ Table: { LatestStreamArn: 'stream' } })),
    streams: client<DynamoDBStreamsClient>((input) =>
      (input as DescribeStreamInput).ExclusiveStartShardId === undefined
        ? { StreamDescription: { Shards: [range('9'), range()], LastEvaluatedShardId: 's' } }
        : { StreamDescription: { Shards: [range()] } },
    ),
    lambda: client<LambdaClient>((input) =>
      (input as ListEventSourceMappingsRequest).EventSourceArn === undefined
        ? { AccountLimit: { ConcurrentExecutions: 1_000 } }
        : { EventSourceMappings: [{ ScalingConfig: { MaximumConcurrency: maximumConcurrency }, BatchSize: batch }] },
    ),
    pipes: client<PipesClient>(() => ({
      SourceParameters: { DynamoDBStreamParameters: { ParallelizationFactor: parallel, BatchSize: 10 } },
    })),
    sqs: client<SQSClient>((input) => ({ Attributes: { QueueArn: (input as GetQueueAttributesRequest).QueueUrl } })),
  };
  const run = await runVerb(parts, [...(human ? [] : ['--json']), 'capacity', ...argv]);
  const report = run.out === '' || human ? undefined : (JSON.parse(run.out) as CapacityReport);
  return {
    ...run,
    report: report as CapacityReport,
    limit: (part: string) => report?.limits.find((each) => each.part === part),
  };
}
