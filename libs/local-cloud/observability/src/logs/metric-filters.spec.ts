import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore, type InputOf } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const logGroupName = '/aws/lambda/orders';

describe('metric filters', () => {
  const directory = mkdtempSync(join(tmpdir(), 'metric-filters-'));
  let cloud: ReturnType<typeof specCloud>;

  beforeEach(async () => {
    cloud = specCloud(new SqliteStore(':memory:'), directory);
    await cloud.call('logs', 'CreateLogGroup', { logGroupName });
    await cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName: 's' });
  });
  afterEach(() => cloud.clock.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  type Transformation = NonNullable<InputOf<'logs', 'PutMetricFilter'>['metricTransformations']>[number];
  const put = (filterPattern: string, transformation: Partial<Transformation> = {}, filterName = 'filter') =>
    cloud.call('logs', 'PutMetricFilter', {
      logGroupName,
      filterName,
      filterPattern,
      metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1', ...transformation }],
    });
  const log = (...messages: string[]) =>
    cloud.call('logs', 'PutLogEvents', {
      logGroupName,
      logStreamName: 's',
      logEvents: messages.map((message) => ({ timestamp: cloud.clock.now(), message })),
    });
  const sum = async (Dimensions: { Name: string; Value: string }[] = []) => {
    const { Datapoints = [] } = await cloud.call('cloudwatch', 'GetMetricStatistics', {
      Namespace: 'n',
      MetricName: 'm',
      Dimensions,
      StartTime: new Date(cloud.clock.now() - 60_000),
      EndTime: new Date(cloud.clock.now() + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    });
    return Datapoints.length === 0 ? undefined : Datapoints.reduce((total, point) => total + (point.Sum ?? 0), 0);
  };

  it('count the events they match', async () => {
    await put('ERROR');
    await log('an ERROR', 'all is well', 'another ERROR');
    expect(await sum()).toBe(2);
  });

  it('report what a selector finds, where that is a number', async () => {
    await put('{ $.level = "info" }', { metricValue: '$.took' });
    await log(
      '{"level":"info","took":7}',
      '{"level":"info","took":"5"}',
      '{"level":"info","took":"long"}',
      '{"level":"info"}',
    );
    expect(await sum()).toBe(12);
  });

  it('name metrics by dimensions found in the event, if all are', async () => {
    await put('{ $.took > 0 }', { metricValue: '$.took', dimensions: { route: '$.http.route' } });
    await log('{"took":7,"http":{"route":"/orders"}}', '{"took":9}');
    expect(await sum([{ Name: 'route', Value: '/orders' }])).toBe(7);
    expect(await sum()).toBeUndefined();
  });

  it('report their default where events come and none matches', async () => {
    await put('ERROR', { defaultValue: 0 });
    expect(await sum()).toBeUndefined();
    await log('all is well');
    expect(await sum()).toBe(0);
    await log('an ERROR');
    expect(await sum()).toBe(1);
  });

  // Recorded on AWS by LocalStack's test_put_metric_filter_json_pattern.
  it('are described as they were put, changed by their name, counted and deleted', async () => {
    await put('one');
    await put('{$.message = "test"}', { defaultValue: 0 });
    await put('', {}, 'other');
    const { metricFilters } = await cloud.call('logs', 'DescribeMetricFilters', { filterNamePrefix: 'f' });
    expect(metricFilters).toEqual([
      {
        applyOnTransformedLogs: false,
        creationTime: expect.any(Number) as number,
        filterName: 'filter',
        filterPattern: '{$.message = "test"}',
        logGroupName,
        metricTransformations: [{ defaultValue: 0, metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
      },
    ]);
    const group = async () => (await cloud.call('logs', 'DescribeLogGroups', {})).logGroups?.[0];
    expect(await group()).toMatchObject({ metricFilterCount: 2 });
    await cloud.call('logs', 'DeleteMetricFilter', { logGroupName, filterName: 'filter' });
    expect(await group()).toMatchObject({ metricFilterCount: 1 });
    await expect(
      cloud.call('logs', 'DeleteMetricFilter', { logGroupName, filterName: 'filter' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await cloud.call('logs', 'DeleteLogGroup', { logGroupName });
    expect(await cloud.call('logs', 'DescribeMetricFilters', {})).toEqual({ metricFilters: [] });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    // Recorded on AWS by LocalStack's test_put_metric_filter_invalid_filter_name and …_too_many_transformations.
    [
      'a long name',
      () => put('a', {}, 'x'.repeat(513)),
      "at 'filterName' failed to satisfy constraint: Member must have length less than or equal to 512",
    ],
    [
      'two transformations',
      () => {
        const one = { metricName: 'm', metricNamespace: 'n', metricValue: '1' };
        const metricTransformations = [one, one];
        return cloud.call('logs', 'PutMetricFilter', {
          logGroupName,
          filterName: 'f',
          filterPattern: '',
          metricTransformations,
        });
      },
      "at 'metricTransformations' failed to satisfy constraint: Member must have length less than or equal to 1",
    ],
    ['a pattern that is none', () => put('{ $.a = }'), 'Invalid filter pattern'],
    ['a value that is none', () => put('a', { metricValue: 'many' }), 'many is not a valid metric value'],
    [
      'a default beside dimensions',
      () => put('{ $.a = 1 }', { defaultValue: 0, dimensions: { a: '$.a' } }),
      'dimensions and default value are mutually exclusive properties.',
    ],
  ])('refuse %s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('are tried on messages of no group', async () => {
    const logEventMessages = ['{"level":"ERROR","n":3,"in":{"a":[1]}}', '{"level":"INFO","n":9}', 'ERROR'];
    const test = async (filterPattern: string) =>
      (await cloud.call('logs', 'TestMetricFilter', { filterPattern, logEventMessages })).matches;
    expect(await test('{ ($.level = "ERROR") && ($.n > 2) && ($.in.a[0] = 1) && ($.x NOT EXISTS) }')).toEqual([
      {
        eventNumber: 1,
        eventMessage: logEventMessages[0],
        extractedValues: { '$.level': 'ERROR', '$.n': '3', '$.in.a[0]': '1' },
      },
    ]);
    expect((await test('ERROR'))?.map(({ eventNumber }) => eventNumber)).toEqual([1, 3]);
    await expect(test('{ $.level = }')).rejects.toMatchObject({ code: 'InvalidParameterException' });
    const none = cloud.call('logs', 'TestMetricFilter', { filterPattern: '', logEventMessages: [] });
    await expect(none).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});
