import { SqliteStore, type InputOf } from '@outbox/local-cloud-kernel';
import { maximumAbove5 } from '../testing/alarm-input';
import { specCloud } from '../testing/spec-cloud';

describe('DescribeAlarms', () => {
  const cloud = specCloud(new SqliteStore(':memory:'), '/nowhere');
  const describeAlarms = (input: InputOf<'cloudwatch', 'DescribeAlarms'>) =>
    cloud.call('cloudwatch', 'DescribeAlarms', input);

  beforeAll(async () => {
    await cloud.call('cloudwatch', 'PutMetricAlarm', maximumAbove5('child', {}));
    await cloud.call('cloudwatch', 'PutCompositeAlarm', { AlarmName: 'parent', AlarmRule: 'ALARM(child)' });
  });
  afterAll(() => cloud.clock.stop());

  it('tells of children and parents little, and takes no filters beside them', async () => {
    const brief = { AlarmArn: expect.any(String), StateUpdatedTimestamp: expect.any(Date) };
    expect((await describeAlarms({ ChildrenOfAlarmName: 'parent' })).MetricAlarms).toEqual([
      { AlarmName: 'child', StateValue: 'INSUFFICIENT_DATA', ...brief },
    ]);
    expect((await describeAlarms({ ParentsOfAlarmName: 'child' })).CompositeAlarms).toEqual([
      { AlarmName: 'parent', StateValue: 'OK', ...brief },
    ]);
    await expect(describeAlarms({ ChildrenOfAlarmName: 'parent', StateValue: 'OK' })).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });

  it('takes no names for all of them', async () => {
    expect((await describeAlarms({ AlarmNames: [], AlarmTypes: [] })).MetricAlarms).toHaveLength(1);
  });

  it('tells a state set anew from another state', async () => {
    const set = (StateValue: 'OK' | 'ALARM') =>
      cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'child', StateValue, StateReason: 'by hand' });
    await set('OK');
    const transitioned = cloud.clock.now();
    cloud.clock.advance(1000);
    await set('OK');

    const { MetricAlarms = [] } = await describeAlarms({ AlarmNames: ['child'] });
    expect(MetricAlarms[0]).toMatchObject({
      StateTransitionedTimestamp: new Date(transitioned),
      StateUpdatedTimestamp: new Date(transitioned + 1000),
    });
  });

  it('is of alarms whose text and tags have bounds', async () => {
    const put = (over: Parameters<typeof maximumAbove5>[1]) =>
      cloud.call('cloudwatch', 'PutMetricAlarm', maximumAbove5('bound', over));
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await expect(put({ AlarmDescription: 'x'.repeat(1025) })).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(put({ Tags })).rejects.toMatchObject({ code: 'ValidationError' });
  });
});
