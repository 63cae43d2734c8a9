import { SqliteStore } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const MINUTE_MS = 60_000;
const PLACE = { accountId: '000000000000', region: 'us-east-1' };

describe('CloudWatch metrics', () => {
  const cloud = specCloud(new SqliteStore(':memory:'), '/nowhere');
  afterAll(() => cloud.clock.stop());
  const t0 = cloud.clock.now() - (cloud.clock.now() % MINUTE_MS);
  const invocations = (name: string, value: number) =>
    cloud.metrics.record({
      ...PLACE,
      namespace: 'AWS/Lambda',
      name: 'Duration',
      dimensions: { FunctionName: name },
      unit: 'Milliseconds',
      value,
    });

  it('are answered by period and statistic, percentiles among them', async () => {
    for (let value = 1; value <= 100; value += 1) invocations('relay', value);
    cloud.clock.advance(MINUTE_MS);
    invocations('relay', 500);
    cloud.clock.advance(MINUTE_MS);

    const stat = (Id: string, Stat: string, Period = 60) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Duration',
          Dimensions: [{ Name: 'FunctionName', Value: 'relay' }],
        },
        Period,
        Stat,
      },
    });
    const { MetricDataResults = [] } = await cloud.call('cloudwatch', 'GetMetricData', {
      StartTime: new Date(t0),
      EndTime: new Date(cloud.clock.now()),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        stat('count', 'SampleCount'),
        stat('p99', 'p99'),
        stat('sum', 'Sum', 120),
        stat('max', 'Maximum', 300),
      ],
    });
    expect(MetricDataResults.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['count', [100, 1]],
      ['p99', [99, 500]],
      ['sum', [5550]],
      ['max', [500]],
    ]);
    expect(MetricDataResults[0]?.Timestamps).toEqual([new Date(t0), new Date(t0 + MINUTE_MS)]);

    const { Datapoints = [] } = await cloud.call('cloudwatch', 'GetMetricStatistics', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Duration',
      Dimensions: [{ Name: 'FunctionName', Value: 'relay' }],
      StartTime: new Date(t0),
      EndTime: new Date(cloud.clock.now()),
      Period: 120,
      Statistics: ['Average', 'Minimum'],
    });
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(t0),
        Unit: 'Milliseconds',
        Average: 5550 / 101,
        Minimum: 1,
      },
    ]);
  });

  it('are listed by namespace, name and dimensions while they are fresh', async () => {
    invocations('sweeper', 1);
    const names = async (input: object) =>
      (await cloud.call('cloudwatch', 'ListMetrics', input)).Metrics?.map(({ Dimensions }) => Dimensions?.[0]?.Value);

    expect(await names({ Namespace: 'AWS/Lambda' })).toEqual(['relay', 'sweeper']);
    expect(await names({ Dimensions: [{ Name: 'FunctionName', Value: 'sweeper' }] })).toEqual(['sweeper']);
    expect(await names({ Dimensions: [{ Name: 'Other' }] })).toEqual([]);
    cloud.clock.advance(4 * 60 * MINUTE_MS);
    expect(await names({ RecentlyActive: 'PT3H' })).toEqual([]);
  });

  it('grow coarse with age and are then forgotten', async () => {
    const sums = async (from: number) => {
      const answer = await cloud.call('cloudwatch', 'GetMetricData', {
        StartTime: new Date(from),
        EndTime: new Date(cloud.clock.now()),
        MetricDataQueries: [
          { Id: 'a', MetricStat: { Metric: { Namespace: 'Old', MetricName: 'm' }, Period: 60, Stat: 'Sum' } },
        ],
      });
      return answer.MetricDataResults?.[0]?.Values;
    };
    await cloud.module.start?.();
    // At a whole hour: where buckets of every length begin.
    cloud.clock.advance(3_600_000 - (cloud.clock.now() % 3_600_000));
    const from = cloud.clock.now();
    for (const Value of [1, 2]) {
      await cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Old', MetricData: [{ MetricName: 'm', Value }] });
      cloud.clock.advance(MINUTE_MS);
    }
    expect(await sums(from)).toEqual([2, 1]);
    cloud.clock.advance(8 * 60 * MINUTE_MS);
    expect(await sums(from)).toEqual([3]);
    cloud.clock.advance(16 * 24 * 60 * MINUTE_MS);
    expect(await sums(from)).toEqual([]);
    await cloud.module.stop?.();
  });

  it.each([
    [{ Namespace: 'AWS/Mine', MetricData: [{ MetricName: 'm', Value: 1 }] }, 'InvalidParameterValueException'],
    [{ Namespace: 'Mine', MetricData: [] }, 'MissingRequiredParameterException'],
    [
      { Namespace: 'Mine', MetricData: [{ MetricName: 'm', Value: 1, Values: [1] }] },
      'InvalidParameterCombinationException',
    ],
    [{ Namespace: 'Mine', MetricData: [{ MetricName: 'm' }] }, 'MissingRequiredParameterException'],
    [{ Namespace: 'Mine', MetricData: [{ MetricName: 'm', Value: NaN }] }, 'InvalidParameterValueException'],
    [
      { Namespace: 'Mine', MetricData: [{ MetricName: 'm', Value: 1, Timestamp: new Date(0) }] },
      'InvalidParameterValueException',
    ],
    [{ Namespace: 'Mine', MetricData: [{ MetricName: 'm', Value: 1, StorageResolution: 1 }] }, 'UnsupportedOperation'],
  ])('refuse %j', async (input, code) => {
    await expect(cloud.call('cloudwatch', 'PutMetricData', input)).rejects.toMatchObject({ code });
  });
});
