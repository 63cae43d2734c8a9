import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const GROUP = '/aws/lambda/outbox-relay';

describe('metrics in log events', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-metrics-'));
  const cloud = specCloud(new SqliteStore(':memory:'), directory);
  afterAll(() => {
    cloud.clock.stop();
    rmSync(directory, { recursive: true });
  });

  const sum = async (Namespace: string, MetricName: string, Name: string, Value: string) => {
    const { Datapoints = [] } = await cloud.call('cloudwatch', 'GetMetricStatistics', {
      Namespace,
      MetricName,
      Dimensions: [{ Name, Value }],
      StartTime: new Date(cloud.clock.now() - 60_000),
      EndTime: new Date(cloud.clock.now() + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    });
    return Datapoints.reduce((total, point) => total + (point.Sum ?? 0), 0);
  };

  it('are counted, beside what was logged', async () => {
    await cloud.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
    await cloud.call('logs', 'CreateLogStream', { logGroupName: GROUP, logStreamName: 's' });
    const timestamp = cloud.clock.now();
    const line = (value: unknown) =>
      JSON.stringify({
        _aws: {
          Timestamp: timestamp,
          CloudWatchMetrics: [
            { Namespace: 'Outbox', Dimensions: [['service']], Metrics: [{ Name: 'Relayed', Unit: 'Count' }] },
          ],
        },
        service: 'outbox-relay',
        Relayed: value,
      });
    const messages = [line(3), 'START RequestId: 1', line(4), line('many')];
    await cloud.call('logs', 'PutLogEvents', {
      logGroupName: GROUP,
      logStreamName: 's',
      logEvents: messages.map((message) => ({ timestamp, message })),
    });

    expect(await sum('Outbox', 'Relayed', 'service', 'outbox-relay')).toBe(7);
    expect(await sum('AWS/Logs', 'IncomingLogEvents', 'LogGroupName', GROUP)).toBe(4);
    expect(await sum('AWS/Logs', 'EMFValidationErrors', 'LogGroupName', GROUP)).toBe(1);
    const { events } = await cloud.call('logs', 'FilterLogEvents', {
      logGroupName: GROUP,
      filterPattern: '{ $.Relayed > 3 }',
    });
    expect(events?.map(({ message }) => message)).toEqual([line(4)]);
  });
});
