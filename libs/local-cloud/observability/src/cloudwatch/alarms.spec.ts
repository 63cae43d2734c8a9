import { SqliteStore, type Service } from '@outbox/local-cloud-kernel';
import { maximumAbove5, type AlarmInput } from '../testing/alarm-input';
import { specCloud } from '../testing/spec-cloud';

const MINUTE_MS = 60_000;
const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:';

/** The default bus: keeps what is put. */
function specBus() {
  const details: { alarmName: string; state: { value: string }; previousState: { value: string } }[] = [];
  const service: Service<'events'> = {
    name: 'events',
    operations: {
      PutEvents: {
        requires: () => [],
        handle: ({ Entries = [] }) => {
          for (const { Detail = '{}' } of Entries) details.push(JSON.parse(Detail) as (typeof details)[number]);
          return { FailedEntryCount: 0, Entries: [] };
        },
      },
    },
  };
  return {
    service,
    changes: () => details.map((one) => `${one.alarmName}: ${one.previousState.value} → ${one.state.value}`),
  };
}

describe('CloudWatch alarms', () => {
  const bus = specBus();
  const store = new SqliteStore(':memory:');
  let cloud: ReturnType<typeof specCloud>;

  beforeEach(async () => {
    cloud = specCloud(store, '/nowhere', [bus.service]);
    await cloud.module.start?.();
  });
  afterEach(async () => {
    await cloud.module.stop?.();
    cloud.clock.stop();
  });

  const alarm = (name: string, over: AlarmInput = {}) =>
    cloud.call('cloudwatch', 'PutMetricAlarm', maximumAbove5(name, over));
  const report = (name: string, Value: number) =>
    cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Outbox', MetricData: [{ MetricName: name, Value }] });
  const minute = () => cloud.clock.advance(MINUTE_MS);
  const describeAlarm = async (name: string) => {
    const types = ['MetricAlarm', 'CompositeAlarm'] as const;
    const found = await cloud.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [name], AlarmTypes: [...types] });
    return found.MetricAlarms?.[0] ?? found.CompositeAlarms?.[0];
  };
  const stateOf = async (name: string) => (await describeAlarm(name))?.StateValue;

  it('go to ALARM and back to OK as their metric does, and tell the default bus', async () => {
    await alarm('lag');
    expect(await describeAlarm('lag')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });

    await report('lag', 3);
    minute();
    expect(await describeAlarm('lag')).toMatchObject({
      StateValue: 'OK',
      StateReason: expect.stringMatching(
        /^Threshold Crossed: 1 datapoint \[3\.0 \(.*\)\] was not greater than the threshold \(5\.0\)\.$/,
      ),
    });
    await report('lag', 9);
    minute();
    expect(await describeAlarm('lag')).toMatchObject({
      StateValue: 'ALARM',
      StateReason: expect.stringMatching(
        /^Threshold Crossed: 1 datapoint \[9\.0 \(.*\)\] was greater than the threshold \(5\.0\)\.$/,
      ),
    });
    await report('lag', 5);
    minute();
    expect(await stateOf('lag')).toBe('OK');

    await cloud.module.stop?.();
    expect(bus.changes()).toEqual(['lag: INSUFFICIENT_DATA → OK', 'lag: OK → ALARM', 'lag: ALARM → OK']);
    const { AlarmHistoryItems = [] } = await cloud.call('cloudwatch', 'DescribeAlarmHistory', {
      AlarmName: 'lag',
      ScanBy: 'TimestampAscending',
    });
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm "lag" created',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from ALARM to OK',
    ]);
  });

  it('come after a jump of the clock to the state they would have', async () => {
    await alarm('gone-quiet', { TreatMissingData: 'breaching', EvaluationPeriods: 3, DatapointsToAlarm: 3 });
    await alarm('unknown');
    await report('gone-quiet', 1);
    await report('unknown', 1);
    minute();
    expect([await stateOf('gone-quiet'), await stateOf('unknown')]).toEqual(['OK', 'OK']);

    cloud.clock.advance(10 * MINUTE_MS);
    expect(await describeAlarm('gone-quiet')).toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    });
    expect(await describeAlarm('unknown')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 1 datapoint was unknown.',
    });
  });

  it('count breaching datapoints among those evaluated: 2 out of 3', async () => {
    await alarm('flapping', { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    for (const value of [9, 1, 9]) {
      await report('flapping', value);
      minute();
    }
    expect(await describeAlarm('flapping')).toMatchObject({
      StateValue: 'ALARM',
      StateReason: expect.stringMatching(
        /^Threshold Crossed: 2 out of the last 3 datapoints \[9\.0 .*, 9\.0 .*\] were greater than the threshold \(5\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
      ),
    });
  });

  it('look at percentiles, and ignore them while there are few samples when told to', async () => {
    const p90 = { Statistic: undefined, ExtendedStatistic: 'p90' };
    await alarm('slow', p90);
    await alarm('slow-ignoring', { ...p90, MetricName: 'slow', EvaluateLowSampleCountPercentile: 'ignore' });
    const report = (count: number) =>
      cloud.call('cloudwatch', 'PutMetricData', {
        Namespace: 'Outbox',
        MetricData: [{ MetricName: 'slow', Values: [1, 9], Counts: [count * 0.8, count * 0.2] }],
      });
    await report(10);
    minute();
    expect([await stateOf('slow'), await stateOf('slow-ignoring')]).toEqual(['ALARM', 'INSUFFICIENT_DATA']);
    await report(100);
    minute();
    expect([await stateOf('slow'), await stateOf('slow-ignoring')]).toEqual(['ALARM', 'ALARM']);
  });

  it('are watched by composite alarms, which follow at once', async () => {
    await alarm('one');
    await alarm('two');
    const rule = { AlarmName: 'unhealthy', AlarmRule: `ALARM(one) OR ALARM("${ARN}two")` };
    await cloud.call('cloudwatch', 'PutCompositeAlarm', rule);
    await cloud.call('cloudwatch', 'PutCompositeAlarm', { AlarmName: 'page', AlarmRule: 'ALARM(unhealthy)' });
    expect([await stateOf('unhealthy'), await stateOf('page')]).toEqual(['OK', 'OK']);
    expect((await describeAlarm('page'))?.StateReason).toBe(
      `${ARN}page was created and its alarm rule evaluates to OK`,
    );

    await report('two', 9);
    minute();
    expect(await describeAlarm('unhealthy')).toMatchObject({
      StateValue: 'ALARM',
      StateReason: expect.stringMatching(`^${ARN}two transitioned to ALARM at Thursday 01 January, 2026 00:01:05 UTC$`),
    });
    expect(await stateOf('page')).toBe('ALARM');
    await cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'two', StateValue: 'OK', StateReason: 'by hand' });
    expect(await stateOf('page')).toBe('OK');

    await expect(cloud.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['two'] })).rejects.toThrow(
      'Cannot delete two as there are composite alarm(s) depending on it',
    );
    await expect(
      cloud.call('cloudwatch', 'PutCompositeAlarm', { AlarmName: 'x', AlarmRule: 'ALARM(nowhere)' }),
    ).rejects.toThrow('Could not save the composite alarm as alarms [nowhere] in the alarm rule do not exist');
    const { MetricAlarms, CompositeAlarms } = await cloud.call('cloudwatch', 'DescribeAlarms', {
      ChildrenOfAlarmName: 'page',
    });
    expect([MetricAlarms, CompositeAlarms?.map(({ AlarmName }) => AlarmName)]).toEqual([[], ['unhealthy']]);
  });

  it('keep state and data over a restart', async () => {
    await alarm('kept', { EvaluationPeriods: 2 });
    await report('kept', 9);
    minute();
    await report('kept', 9);
    await cloud.module.stop?.();
    const { clock } = cloud;
    clock.stop();
    cloud = specCloud(store, '/nowhere', [bus.service]);
    cloud.clock.advance(clock.offsetMs);
    await cloud.module.start?.();
    minute();
    expect(await stateOf('kept')).toBe('ALARM');
  });

  it.each<[string, AlarmInput, string]>([
    ['no metric', { MetricName: undefined }, 'ValidationError'],
    ['two statistics', { ExtendedStatistic: 'p99' }, 'InvalidParameterCombinationException'],
    ['an unknown statistic', { Statistic: undefined, ExtendedStatistic: 'p101' }, 'ValidationError'],
    ['half a minute', { Period: 90 }, 'ValidationError'],
    ['high resolution', { Period: 10 }, 'UnsupportedOperation'],
    ['no period to evaluate', { EvaluationPeriods: 0 }, 'ValidationError'],
    ['more than a day', { Period: 300, EvaluationPeriods: 289 }, 'ValidationError'],
    ['M above N', { EvaluationPeriods: 2, DatapointsToAlarm: 3 }, 'ValidationError'],
    ['another treatment', { TreatMissingData: 'drop' }, 'ValidationError'],
    ['an action that is no ARN', { AlarmActions: ['topic'] }, 'ValidationError'],
    [
      'metric math that is not run',
      {
        MetricName: undefined,
        Namespace: undefined,
        Statistic: undefined,
        Period: undefined,
        Metrics: [{ Id: 'a', Expression: 'SEARCH("b", "Sum")', Period: 60 }],
      },
      'UnsupportedOperation',
    ],
  ])('refuse %s', async (_, over, code) => {
    await expect(alarm('wrong', over)).rejects.toMatchObject({ code });
  });
});
