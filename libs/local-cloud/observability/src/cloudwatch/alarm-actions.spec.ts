import { AwsError, SqliteStore, type Service } from '@outbox/local-cloud-kernel';
import { maximumAbove5, type AlarmInput } from '../testing/alarm-input';
import { specCloud } from '../testing/spec-cloud';

const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:';

/** A function that is told of alarms: keeps what it is invoked with. */
function specPager() {
  const payloads: unknown[] = [];
  const service: Service<'lambda'> = {
    name: 'lambda',
    operations: {
      Invoke: {
        requires: () => [],
        handle: ({ Payload }) => {
          payloads.push(JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8')));
          return { StatusCode: 202 };
        },
      },
    },
  };
  return { service, payloads };
}

/** Topics: one keeps what is published, any other is refused as SNS would. */
function specTopic(arn: string) {
  const told: { readonly Subject: string; readonly texts: Record<'default' | 'email', string> }[] = [];
  const service: Service<'sns'> = {
    name: 'sns',
    operations: {
      Publish: {
        requires: () => [],
        handle: ({ TopicArn, Subject = '', Message = '' }) => {
          if (TopicArn?.endsWith(':closed')) throw new AwsError('AuthorizationErrorException', 'User: … is not');
          if (TopicArn?.endsWith(':locked')) throw new AwsError('KMSAccessDeniedException', 'User: … is not');
          if (TopicArn !== arn) throw new AwsError('NotFoundException', 'Topic does not exist');
          told.push({ Subject, texts: JSON.parse(Message) as (typeof told)[number]['texts'] });
          return { MessageId: 'id' };
        },
      },
    },
  };
  return { service, told };
}

describe('what CloudWatch alarms do', () => {
  const pager = specPager();
  const topic = specTopic(`${TOPIC}people`);
  let cloud: ReturnType<typeof specCloud>;

  beforeEach(() => {
    cloud = specCloud(new SqliteStore(':memory:'), '/nowhere', [pager.service, topic.service]);
  });
  afterEach(() => cloud.clock.stop());

  const alarm = (name: string, over: AlarmInput = {}) =>
    cloud.call('cloudwatch', 'PutMetricAlarm', maximumAbove5(name, over));

  it('invoke functions as their action, unless actions are off; what fails is in the history', async () => {
    const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:pager';
    await alarm('acting', { AlarmActions: [FUNCTION, ...['nobody', 'closed', 'locked'].map((name) => TOPIC + name)] });
    const set = async (StateValue: 'ALARM' | 'OK') =>
      cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'acting', StateValue, StateReason: 'by hand' });
    await set('ALARM');
    await set('OK');
    await cloud.call('cloudwatch', 'DisableAlarmActions', { AlarmNames: ['acting'] });
    await set('ALARM');
    await cloud.module.stop?.();

    expect(pager.payloads).toEqual([
      expect.objectContaining({
        source: 'aws.cloudwatch',
        alarmArn: `${ARN}acting`,
        alarmData: expect.objectContaining({
          alarmName: 'acting',
          state: expect.objectContaining({ value: 'ALARM', reason: 'by hand' }),
        }),
      }),
    ]);
    const { AlarmHistoryItems = [] } = await cloud.call('cloudwatch', 'DescribeAlarmHistory', {
      AlarmName: 'acting',
      HistoryItemType: 'Action',
      ScanBy: 'TimestampAscending',
    });
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${FUNCTION}`,
      `Failed to execute action ${TOPIC}nobody. Received error: "Topic does not exist"`,
      `Failed to execute action ${TOPIC}closed. Received error: "Resource: ${ARN}acting is not authorized to perform: SNS:Publish on resource: ${TOPIC}closed"`,
      `Failed to execute action ${TOPIC}locked. Received error: "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."`,
    ]);
  });

  it('publish to topics: JSON for programs, sentences for people', async () => {
    const AlarmActions = [`${TOPIC}people`];
    await alarm('lagging', {
      AlarmActions,
      AlarmDescription: 'Behind.',
      Dimensions: [{ Name: 'service', Value: 'relay' }],
      Unit: 'Milliseconds',
      TreatMissingData: 'notBreaching',
    });
    const rule = { AlarmName: 'worried', AlarmRule: 'ALARM(lagging)', AlarmActions };
    await cloud.call('cloudwatch', 'PutCompositeAlarm', rule);
    await cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'lagging', StateValue: 'ALARM', StateReason: 'late' });
    await cloud.module.stop?.();

    const [metric, composite] = topic.told;
    expect(metric?.Subject).toBe('ALARM: "lagging" in US East (N. Virginia)');
    const at = '2026-01-01T00:00:10.000+0000';
    expect(JSON.parse(metric?.texts.default ?? '')).toEqual({
      AlarmName: 'lagging',
      AlarmDescription: 'Behind.',
      AWSAccountId: '000000000000',
      AlarmConfigurationUpdatedTimestamp: at,
      NewStateValue: 'ALARM',
      NewStateReason: 'late',
      StateChangeTime: at,
      Region: 'US East (N. Virginia)',
      AlarmArn: `${ARN}lagging`,
      OldStateValue: 'INSUFFICIENT_DATA',
      OKActions: [],
      AlarmActions,
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'lagging',
        Namespace: 'Outbox',
        StatisticType: 'Statistic',
        Statistic: 'MAXIMUM',
        Unit: 'Milliseconds',
        Dimensions: [{ value: 'relay', name: 'service' }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 5,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
    });
    expect(metric?.texts.email).toContain(
      'your Amazon CloudWatch Alarm "lagging" in the US East (N. Virginia) region has entered the ALARM state, because "late" at "Thursday 01 January, 2026 00:00:10 UTC".',
    );
    expect(metric?.texts.email).toContain(
      'the metric is GreaterThanThreshold 5.0 for at least 1 of the last 1 period(s)',
    );

    expect(JSON.parse(composite?.texts.default ?? '')).toMatchObject({
      AlarmName: 'worried',
      AlarmRule: 'ALARM(lagging)',
      TriggeringChildren: [{ Arn: `${ARN}lagging`, State: { Value: 'ALARM', Timestamp: at } }],
    });
    expect(composite?.texts.email).toMatch(
      /Triggering children.*\n- .*:lagging +ALARM +Thursday 01 January, 2026 00:00:10 UTC\n/,
    );
  });

  it('name the metric of an alarm that lists queries', async () => {
    const Metric = { Namespace: 'Outbox', MetricName: 'lag', Dimensions: [{ Name: 'service', Value: 'relay' }] };
    await alarm('queried', {
      AlarmActions: [`${TOPIC}people`],
      ...{ MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined },
      Metrics: [{ Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'p99' } }],
    });
    await cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'queried', StateValue: 'ALARM', StateReason: 'late' });
    await cloud.module.stop?.();
    const { Trigger } = JSON.parse(topic.told.at(-1)?.texts.default ?? '') as { Trigger: unknown };
    expect(Trigger).toMatchObject({
      Period: 60,
      Metrics: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: { Dimensions: [{ value: 'relay', name: 'service' }], MetricName: 'lag', Namespace: 'Outbox' },
            Period: 60,
            Stat: 'p99',
          },
        },
      ],
    });
  });

  it('keep the subject of a long name to what a topic takes', async () => {
    const name = `${'x'.repeat(120)}é`;
    await alarm(name, { AlarmActions: [`${TOPIC}people`] });
    await cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: name, StateValue: 'ALARM', StateReason: 'late' });
    await cloud.module.stop?.();
    const subject = topic.told.at(-1)?.Subject ?? '';
    expect(subject).toHaveLength(100);
    expect(subject).toMatch(/^ALARM: "x+\.\.\." in US East \(N\. Virginia\)$/);
  });
});
