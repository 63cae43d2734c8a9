import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createMessaging } from '@outbox/local-cloud-messaging';
import { startLocalCloud, type LocalCloud } from './local-cloud';
import { PARTS } from './modules';

const PLACE = 'us-east-1:000000000000';

describe('an alarm, through the SDK', () => {
  let cloud: LocalCloud;
  const directory = mkdtempSync(join(tmpdir(), 'alarms-'));

  beforeAll(async () => {
    const parts = { ...PARTS, services: [createMessaging] };
    cloud = await startLocalCloud({ port: 0, directory }, parts, () => undefined);
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  it('goes to ALARM and back to OK, its composite with it, and a rule of the default bus hears of both', async () => {
    const client = {
      endpoint: cloud.origin,
      region: 'us-east-1',
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' },
    };
    const [cloudwatch, events, sqs] = [
      new CloudWatchClient(client),
      new EventBridgeClient(client),
      new SQSClient(client),
    ];
    const minute = () =>
      fetch(`${cloud.origin}/_local/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 65_000 }) });
    const states = async () => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      );
      return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName, StateValue }) => `${AlarmName} ${StateValue}`);
    };

    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: `arn:aws:sqs:${PLACE}:told`,
        },
      ],
    };
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'told', Attributes: { Policy: JSON.stringify(policy) } }),
    );
    const pattern = {
      source: ['aws.cloudwatch'],
      detail: { alarmName: ['unhealthy'], state: { value: ['ALARM', 'OK'] } },
    };
    await events.send(new PutRuleCommand({ Name: 'alarms', EventPattern: JSON.stringify(pattern) }));
    const Targets = [{ Id: 'told', Arn: `arn:aws:sqs:${PLACE}:told`, InputPath: '$.detail.state.value' }];
    await events.send(new PutTargetsCommand({ Rule: 'alarms', Targets }));
    const told = async () => {
      const received = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, VisibilityTimeout: 600 }),
      );
      return received.Messages?.[0]?.Body;
    };

    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'lag',
        Namespace: 'Outbox',
        MetricName: 'RelayLag',
        ExtendedStatistic: 'p99',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1000,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
    await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'unhealthy', AlarmRule: 'ALARM("lag")' }));
    expect(await told()).toBe('"OK"');

    const MetricData = [{ MetricName: 'RelayLag', Value: 5000, Unit: 'Milliseconds' as const }];
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Outbox', MetricData }));
    await minute();
    expect(await states()).toEqual(['lag ALARM', 'unhealthy ALARM']);
    expect(await told()).toBe('"ALARM"');

    for (let left = 4; left > 0; left -= 1) await minute();
    expect(await states()).toEqual(['lag OK', 'unhealthy OK']);
    expect(await told()).toBe('"OK"');

    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.now() - 60_000),
        EndTime: new Date(Date.now() + 3_600_000),
        MetricDataQueries: [
          {
            Id: 'sent',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/SQS',
                MetricName: 'NumberOfMessagesSent',
                Dimensions: [{ Name: 'QueueName', Value: 'told' }],
              },
              Period: 3600,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([3]);
  });
});
