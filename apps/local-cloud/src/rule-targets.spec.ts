import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createMessaging } from '@outbox/local-cloud-messaging';
import { eventually } from '@outbox/testing';
import { startLocalCloud, type LocalCloud } from './local-cloud';
import { PARTS } from './modules';

jest.setTimeout(30_000);

const ACCOUNT = '000000000000';
const OTHER_ACCOUNT = '111111111111';
const arn = (service: string, resource: string, account = ACCOUNT) =>
  `arn:aws:${service}:us-east-1:${account}:${resource}`;
const RULE = arn('events', 'rule/r');
const eventBridge = { Service: 'events.amazonaws.com' };
const ofTheRule = { ArnEquals: { 'aws:SourceArn': RULE } };
const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });

/** What lets a rule's events in is the target's policy or the target's role, as on AWS. */
describe('who lets in what a rule sends', () => {
  let cloud: LocalCloud;
  let clients: {
    events: EventBridgeClient;
    iam: IAMClient;
    logs: CloudWatchLogsClient;
    sns: SNSClient;
    sqs: SQSClient;
  };
  let other: EventBridgeClient;
  const directory = mkdtempSync(join(tmpdir(), 'rule-targets-'));
  const url = (queue: string) => `${cloud.origin}/${ACCOUNT}/${queue}`;

  beforeAll(async () => {
    cloud = await startLocalCloud({ port: 0, directory }, { ...PARTS, services: [createMessaging] }, () => undefined);
    const as = (accessKeyId: string) => ({
      endpoint: cloud.origin,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
    clients = {
      events: new EventBridgeClient(as(ACCOUNT)),
      iam: new IAMClient(as(ACCOUNT)),
      logs: new CloudWatchLogsClient(as(ACCOUNT)),
      sns: new SNSClient(as(ACCOUNT)),
      sqs: new SQSClient(as(ACCOUNT)),
    };
    other = new EventBridgeClient(as(OTHER_ACCOUNT));
    await clients.sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const Policy = policy({ Principal: eventBridge, Action: 'sqs:SendMessage', Resource: '*', Condition: ofTheRule });
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url('dead'), Attributes: { Policy } }));
    await clients.events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  /** Sends an event to the one target. */
  const send = async (target: Omit<Target, 'Id'>): Promise<void> => {
    const DeadLetterConfig = { Arn: arn('sqs', 'dead') };
    const Targets = [{ Id: 'one', DeadLetterConfig, ...target }];
    await clients.events.send(new PutTargetsCommand({ Rule: 'r', Targets }));
    await clients.events.send(
      new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 't', Detail: '{"n":1}' }] }),
    );
  };
  const refusal = async (): Promise<string | undefined> => {
    const { Messages: [dead] = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url('dead'),
        WaitTimeSeconds: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    const { ERROR_CODE, ERROR_MESSAGE } = dead?.MessageAttributes ?? {};
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: url('dead'), ReceiptHandle: dead?.ReceiptHandle }));
    expect(ERROR_CODE?.StringValue).toBe('NO_PERMISSIONS');
    return ERROR_MESSAGE?.StringValue;
  };

  it('a log group: a resource policy of CloudWatch Logs', async () => {
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/events/all' }));
    const target = { Arn: arn('logs', 'log-group:/aws/events/all') };
    await send(target);
    expect(await refusal()).toMatch(
      /^User: events\.amazonaws\.com is not authorized to perform: logs:CreateLogStream on resource: .*:log-group:\/aws\/events\/all:/,
    );
    const Action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const statement = { Principal: eventBridge, Action, Resource: `${target.Arn}:*`, Condition: ofTheRule };
    const policyDocument = policy(statement);
    await clients.logs.send(new PutResourcePolicyCommand({ policyName: 'events', policyDocument }));
    await send(target);
    await eventually(async () => {
      const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/events/all' }));
      expect(events.map(({ message }) => JSON.parse(message ?? '') as object)).toMatchObject([{ detail: { n: 1 } }]);
    });
  });

  it('a topic: its policy', async () => {
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: 'topic' }));
    const allowed = { Principal: eventBridge, Action: 'sns:Publish', Resource: TopicArn };
    const setPolicy = (AttributeValue: string) =>
      clients.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    await setPolicy(policy({ ...allowed, Condition: { ArnEquals: { 'aws:SourceArn': `${RULE}2` } } }));
    await send({ Arn: TopicArn });
    expect(await refusal()).toContain('SNS:Publish on resource');
  });

  it('a bus of another account: its policy, and the target’s role where it has one', async () => {
    await other.send(new CreateEventBusCommand({ Name: 'theirs' }));
    const bus = arn('events', 'event-bus/theirs', OTHER_ACCOUNT);
    await send({ Arn: bus });
    expect(await refusal()).toContain('events:PutEvents on resource');

    await other.send(
      new PutPermissionCommand({
        EventBusName: 'theirs',
        Action: 'events:PutEvents',
        Principal: ACCOUNT,
        StatementId: 's',
      }),
    );
    const trust = policy({ Principal: eventBridge, Action: 'sts:AssumeRole', Condition: ofTheRule });
    const { Role } = await clients.iam.send(
      new CreateRoleCommand({ RoleName: 'sender', AssumeRolePolicyDocument: trust }),
    );
    await send({ Arn: bus, RoleArn: Role?.Arn });
    expect(await refusal()).toContain('because no identity-based policy allows the events:PutEvents action');

    const PolicyDocument = policy({ Action: 'events:PutEvents', Resource: bus });
    await clients.iam.send(new PutRolePolicyCommand({ RoleName: 'sender', PolicyName: 'p', PolicyDocument }));
    await other.send(new PutRuleCommand({ Name: 'all', EventBusName: 'theirs', EventPattern: '{"source":["app"]}' }));
    const Arn = arn('sqs', 'theirs');
    await clients.sqs.send(new CreateQueueCommand({ QueueName: 'theirs' }));
    const Policy = policy({ Principal: eventBridge, Action: 'sqs:SendMessage', Resource: Arn });
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url('theirs'), Attributes: { Policy } }));
    await other.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'theirs', Targets: [{ Id: 'q', Arn }] }));
    await send({ Arn: bus, RoleArn: Role?.Arn });
    const { Messages: [message] = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url('theirs'), WaitTimeSeconds: 10 }),
    );
    expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({ account: ACCOUNT, detail: { n: 1 } });
  });
});
