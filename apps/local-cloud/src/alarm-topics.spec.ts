import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createMessaging } from '@outbox/local-cloud-messaging';
import { eventually } from '@outbox/testing';
import { startLocalCloud, type LocalCloud } from './local-cloud';
import { PARTS } from './modules';

const ACCOUNT = '000000000000';
const ALARMS = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:`;
const ADDRESS = 'on-call@example.com';

const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });
const cloudwatch = { Service: 'cloudwatch.amazonaws.com' };

/** Whether CloudWatch may publish is for the topic's policy and the topic's key, as on AWS. */
describe('topics that alarms publish to', () => {
  let cloud: LocalCloud;
  let clients: { cloudwatch: CloudWatchClient; kms: KMSClient; sns: SNSClient };
  const directory = mkdtempSync(join(tmpdir(), 'alarm-topics-'));

  beforeAll(async () => {
    cloud = await startLocalCloud({ port: 0, directory }, { ...PARTS, services: [createMessaging] }, () => undefined);
    const client = {
      endpoint: cloud.origin,
      region: 'us-east-1',
      credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'local' },
    };
    clients = { cloudwatch: new CloudWatchClient(client), kms: new KMSClient(client), sns: new SNSClient(client) };
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  const topic = async (Name: string, Attributes?: Record<string, string>): Promise<string> => {
    const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name, Attributes }));
    return TopicArn;
  };
  const key = async (...statements: readonly object[]): Promise<string> => {
    const owner = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
    const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({ Policy: policy(owner, ...statements) }));
    return KeyMetadata?.Arn ?? '';
  };
  const forAlarms = (prefix: string, name: string) =>
    policy({
      Principal: cloudwatch,
      Action: 'sns:Publish',
      Resource: `arn:aws:sns:us-east-1:${ACCOUNT}:${name}`,
      Condition: { ArnLike: { 'aws:SourceArn': `${ALARMS}${prefix}-*` } },
    });
  const mails = async (): Promise<{ subject: string; confirmUrl?: string }[]> => {
    const answer = await fetch(`${cloud.origin}/_local/mail?to=${ADDRESS}`);
    return ((await answer.json()) as { mails: { subject: string; confirmUrl?: string }[] }).mails;
  };
  /** What the history says of the alarm's one action, once it was done. */
  const act = async (AlarmName: string, action: string): Promise<string | undefined> => {
    await clients.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmActions: [action],
        Namespace: 'Outbox',
        MetricName: 'RelayLag',
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'by hand' }));
    return eventually(async () => {
      const { AlarmHistoryItems: [item] = [] } = await clients.cloudwatch.send(
        new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'Action' }),
      );
      if (!item) throw new Error(`${AlarmName} has not acted`);
      return item.HistorySummary;
    });
  };

  it('hear of them by the default policy, and pass it on by mail once the address is confirmed', async () => {
    const TopicArn = await topic('open');
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: ADDRESS }));
    await fetch((await mails())[0]?.confirmUrl ?? '');
    expect(await act('stack-open', TopicArn)).toBe(`Successfully executed action ${TopicArn}`);
    expect((await mails()).at(-1)?.subject).toBe('ALARM: "stack-open" in US East (N. Virginia)');
  });

  it('let in the alarms their policy names, and no others', async () => {
    const own = await topic('own', { Policy: forAlarms('stack', 'own') });
    const other = await topic('other', { Policy: forAlarms('somebody', 'other') });
    expect(await act('stack-named', own)).toBe(`Successfully executed action ${own}`);
    expect(await act('stack-stranger', other)).toBe(
      `Failed to execute action ${other}. Received error: "Resource: ${ALARMS}stack-stranger is not authorized to perform: SNS:Publish on resource: ${other}"`,
    );
  });

  it('are closed to alarms under a key that does not name CloudWatch, AWS’s own for one', async () => {
    const refused = 'CloudWatch Alarms does not have authorization to access the SNS topic encryption key.';
    const managed = await topic('managed', { KmsMasterKeyId: 'alias/aws/sns' });
    const locked = await topic('locked', { KmsMasterKeyId: await key() });
    const statement = { Principal: cloudwatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' };
    const opened = await topic('opened', { KmsMasterKeyId: await key(statement) });
    expect(await act('stack-managed', managed)).toContain(refused);
    expect(await act('stack-locked', locked)).toContain(refused);
    expect(await act('stack-opened', opened)).toBe(`Successfully executed action ${opened}`);
    // The account itself may use both.
    await clients.sns.send(new PublishCommand({ TopicArn: locked, Message: 'hello' }));
    await clients.sns.send(new PublishCommand({ TopicArn: managed, Message: 'hello' }));
  });
});
