import { SqliteStore, type InputOf } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const MINUTE_MS = 60_000;

describe('CloudWatch metrics, by their API reference', () => {
  const cloud = specCloud(new SqliteStore(':memory:'), '/nowhere');
  afterAll(() => cloud.clock.stop());
  const span = () => ({
    StartTime: new Date(cloud.clock.now() - MINUTE_MS),
    EndTime: new Date(cloud.clock.now() + MINUTE_MS),
  });

  it('answer statistics, or percentiles, and not both', async () => {
    await cloud.call('cloudwatch', 'PutMetricData', {
      Namespace: 'Mine',
      MetricData: [{ MetricName: 'm', Values: [1, 2, 3] }],
    });
    const read = (input: Partial<InputOf<'cloudwatch', 'GetMetricStatistics'>>) =>
      cloud.call('cloudwatch', 'GetMetricStatistics', {
        Namespace: 'Mine',
        MetricName: 'm',
        Period: 60,
        ...span(),
        ...input,
      });

    expect((await read({ ExtendedStatistics: ['p50'] })).Datapoints).toMatchObject([
      { ExtendedStatistics: { p50: 2 } },
    ]);
    await expect(read({ Statistics: ['Sum'], ExtendedStatistics: ['p50'] })).rejects.toMatchObject({
      code: 'InvalidParameterCombinationException',
    });
  });

  it.each([
    ['a page no answer told of', { NextToken: 'next' }, 'InvalidNextToken'],
    ['a metric without a name', {}, 'ValidationError'],
  ])('refuse a query for %s', async (_, over, code) => {
    const Metric = code === 'ValidationError' ? { Namespace: 'Mine' } : { Namespace: 'Mine', MetricName: 'm' };
    await expect(
      cloud.call('cloudwatch', 'GetMetricData', {
        ...span(),
        MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
        ...over,
      }),
    ).rejects.toMatchObject({ code });
  });

  it('count a value as often as it is said to occur: not at all, too, and never less', async () => {
    const put = (Counts: number[]) =>
      cloud.call('cloudwatch', 'PutMetricData', {
        Namespace: 'Mine',
        MetricData: [{ MetricName: 'counted', Values: [1, 9], Counts }],
      });
    await put([0, 0]);
    await put([2, 0]);
    await expect(put([1, -1])).rejects.toMatchObject({ code: 'InvalidParameterValueException' });

    const { Datapoints } = await cloud.call('cloudwatch', 'GetMetricStatistics', {
      Namespace: 'Mine',
      MetricName: 'counted',
      Period: 60,
      ...span(),
      Statistics: ['SampleCount', 'Average', 'Maximum'],
    });
    expect(Datapoints).toEqual([expect.objectContaining({ SampleCount: 2, Average: 1, Maximum: 1 })]);
  });

  it.each([
    ['a name that begins with a colon', [{ Name: ':a', Value: 'x' }]],
    ['a value beyond ASCII', [{ Name: 'a', Value: 'é' }]],
    ['a value of blanks', [{ Name: 'a', Value: ' ' }]],
    ['too long a value', [{ Name: 'a', Value: 'x'.repeat(1025) }]],
    [
      'a name twice',
      [
        { Name: 'a', Value: 'x' },
        { Name: 'a', Value: 'y' },
      ],
    ],
  ])('refuse dimensions with %s', async (_, Dimensions) => {
    const MetricData = [{ MetricName: 'm', Value: 1, Dimensions }];
    await expect(cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Mine', MetricData })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
  });

  it.each(['[]', '{}', '{"widgets":{}}', 'null', '{'])('refuse the dashboard %s', async (DashboardBody) => {
    await expect(cloud.call('cloudwatch', 'PutDashboard', { DashboardName: 'd', DashboardBody })).rejects.toMatchObject(
      { code: 'DashboardInvalidInputError' },
    );
  });
});
