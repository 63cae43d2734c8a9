import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { AwsError, SqliteStore, type Service } from '@outbox/local-cloud-kernel';
import { specCloud } from '../../testing/spec-cloud';

const MINUTE_MS = 60_000;
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:people';

const metric = (Id: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Shop', MetricName: Id }, Period: 60, Stat: 'Sum' },
  ReturnData: false,
  ...more,
});
const expression = (Expression: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id: 'result',
  Expression,
  ReturnData: true,
  ...more,
});

describe('alarms on metric math', () => {
  const told: { readonly default: string; readonly email: string }[] = [];
  const topic: Service<'sns'> = {
    name: 'sns',
    operations: {
      Publish: {
        requires: () => [],
        handle: ({ Message = '' }) => {
          told.push(JSON.parse(Message) as (typeof told)[number]);
          return { MessageId: 'id' };
        },
      },
    },
  };
  const cloud = specCloud(new SqliteStore(':memory:'), '/nowhere', [topic]);
  beforeAll(() => cloud.module.start?.());
  afterAll(async () => {
    await cloud.module.stop?.();
    cloud.clock.stop();
  });

  const put = (AlarmName: string, Metrics: MetricDataQuery[], more: object = {}) =>
    cloud.call('cloudwatch', 'PutMetricAlarm', {
      AlarmName,
      Metrics,
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
      ...more,
    });
  const report = (values: Readonly<Record<string, number>>) =>
    cloud.call('cloudwatch', 'PutMetricData', {
      Namespace: 'Shop',
      MetricData: Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value })),
    });
  const minute = () => cloud.clock.advance(MINUTE_MS);
  const alarmOf = async (name: string) =>
    (await cloud.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [name] })).MetricAlarms?.[0];
  const statesOf = async (...names: string[]) =>
    Promise.all(names.map(async (name) => (await alarmOf(name))?.StateValue));

  it('go by what the expression comes to, and tell of it', async () => {
    const metrics = [expression('100 * errors / calls', { Label: 'error rate' }), metric('errors'), metric('calls')];
    await put('rate', metrics, { AlarmActions: [TOPIC] });
    await report({ errors: 1, calls: 20 });
    minute();
    expect(await statesOf('rate')).toEqual(['OK']);
    await report({ errors: 3, calls: 20 });
    minute();

    const alarm = await alarmOf('rate');
    expect(alarm).toMatchObject({
      StateValue: 'ALARM',
      Metrics: metrics,
      StateReason: expect.stringMatching(
        /^Threshold Crossed: 1 datapoint \[15\.0 \(.*\)\] was greater than/,
      ) as unknown,
    });
    expect(alarm).not.toHaveProperty('MetricName', expect.anything());
    const data = JSON.parse(alarm?.StateReasonData ?? '{}') as Record<string, unknown>;
    expect(data).toEqual({
      version: '1.0',
      queryDate: expect.any(String) as unknown,
      startDate: expect.any(String) as unknown,
      period: 60,
      recentDatapoints: [15],
      threshold: 10,
      evaluatedDatapoints: [{ timestamp: expect.any(String) as unknown, value: 15 }],
    });

    await cloud.module.stop?.();
    await cloud.module.start?.();
    const [first] = told;
    expect(JSON.parse(first?.default ?? '{}')).toMatchObject({
      Trigger: {
        Period: 60,
        Metrics: [{ Id: 'result', Expression: '100 * errors / calls', ReturnData: true }, { Id: 'errors' }, {}],
      },
    });
    expect(first?.email).toContain('- MetricExpression:                    100 * errors / calls\n');
    expect(first?.email).toContain('- MetricLabel:                         error rate\n');
  });

  it('treat a datapoint that is missing as told, and one that FILL filled as there', async () => {
    const rate = [expression('100 * failed / tried'), metric('failed'), metric('tried')];
    await put('missing', rate);
    await put('not-breaching', rate, { TreatMissingData: 'notBreaching' });
    await put('breaching', rate, { TreatMissingData: 'breaching' });
    await put('filled', [expression('FILL(tried, 99)'), metric('tried')]);
    minute();
    const all = ['missing', 'not-breaching', 'breaching', 'filled'];
    expect(await statesOf(...all)).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'ALARM']);
    // Nothing was tried: what would be divided by zero is missing, too.
    await report({ failed: 0, tried: 0 });
    minute();
    expect(await statesOf(...all)).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']);
  });

  it('are evaluated by M out of N periods of their metrics', async () => {
    const sum = [expression('SUM(METRICS())'), metric('left'), metric('right')];
    await put('many', sum, { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    for (const left of [9, 1, 9]) {
      await report({ left, right: 5 });
      minute();
    }
    expect(await statesOf('many')).toEqual(['ALARM']);
  });

  it.each<[string, MetricDataQuery[], string]>([
    ['an expression that is none', [expression('errors +'), metric('errors')], 'Unexpected end of the expression'],
    ['what it refers to is not there', [expression('nothing * 2'), metric('errors')], "Undefined variable 'nothing'"],
    ['several series', [expression('METRICS()'), metric('a'), metric('b')], 'must return a single time series'],
    ['a number', [expression('SUM(errors)'), metric('errors')], 'must return a single time series'],
    ['no period', [expression('TIME_SERIES(1)')], 'The parameter Period is required.'],
    ['both', [metric('errors', { Expression: '1', ReturnData: true })], 'either MetricStat or Expression'],
    ['two results', [expression('errors'), metric('errors', { ReturnData: true })], 'Exactly one element'],
    ['eleven metrics', [expression('a0'), ...Array.from({ length: 11 }, (_, at) => metric(`a${at}`))], 'more than 10'],
    ['more than a day', [expression('errors', { Period: 86_400 * 2 })], "Undefined variable 'errors'"],
  ])('refuse %s', async (_, metrics, problem) => {
    const refused = await put('wrong', metrics).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AwsError);
    expect(refused).toMatchObject({ message: expect.stringContaining(problem) as unknown });
  });

  it('name what is not run', async () => {
    const band = [expression('ANOMALY_DETECTION_BAND(errors)'), metric('errors')];
    await expect(put('band', band)).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    const mixed = [expression('a + b'), metric('a'), metric('b')];
    const b = { ...metric('b').MetricStat, Period: 300 } as NonNullable<MetricDataQuery['MetricStat']>;
    await expect(put('mixed', [...mixed.slice(0, 2), { ...metric('b'), MetricStat: b }])).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('different periods') as unknown,
    });
  });

  it('have their expressions in GetMetricData, too, which takes those that come to several series', async () => {
    const start = cloud.clock.now() - (cloud.clock.now() % MINUTE_MS);
    await report({ up: 1, down: 2 });
    minute();
    await report({ up: 3 });
    minute();
    const { MetricDataResults = [] } = await cloud.call('cloudwatch', 'GetMetricData', {
      StartTime: new Date(start),
      EndTime: new Date(cloud.clock.now()),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        metric('up'),
        metric('down'),
        { Id: 'both', Expression: 'up + down' },
        { Id: 'twice', Expression: 'METRICS() * 2', Label: 'doubled' },
        { Id: 'hidden', Expression: 'up', ReturnData: false },
      ],
    });
    expect(MetricDataResults.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['both', 'both', [3, 3]],
      ['twice', 'doubled up', [2, 6]],
      ['twice', 'doubled down', [4]],
    ]);
    const asScalar = cloud.call('cloudwatch', 'GetMetricData', {
      StartTime: new Date(start),
      EndTime: new Date(cloud.clock.now()),
      MetricDataQueries: [metric('up'), { Id: 'n', Expression: 'SUM(up)' }],
    });
    await expect(asScalar).rejects.toMatchObject({ code: 'ValidationError' });
  });
});
