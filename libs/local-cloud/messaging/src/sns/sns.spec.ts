import { AwsError, SqliteStore, type Caller, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { eventually } from '@outbox/testing';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';
import { specKeys } from '@outbox/local-cloud-testing';

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
const CLOUDWATCH: Caller = {
  kind: 'service',
  accountId: ACCOUNT,
  arn: 'cloudwatch.amazonaws.com',
  userId: 'cloudwatch.amazonaws.com',
  service: 'cloudwatch.amazonaws.com',
  sourceArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:unhealthy`,
};

/** A function that keeps what it is invoked with. */
function specFunction() {
  const events: unknown[] = [];
  const failures: AwsError[] = [];
  const service: Service<'lambda'> = {
    name: 'lambda',
    operations: {
      Invoke: {
        requires: () => [],
        handle: ({ Payload }) => {
          const failure = failures.shift();
          if (failure) throw failure;
          events.push(JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8')));
          return { StatusCode: 202 };
        },
      },
    },
  };
  return {
    service: service as Service<ServiceName>,
    events,
    failures,
    fail: (error: AwsError) => failures.push(error),
  };
}

describe('SNS', () => {
  let engine: SpecEngine;
  const pager = specFunction();
  const queueUrl = (name: string) => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;

  beforeEach(async () => {
    engine = await startSpecEngine({ services: [pager.service, specKeys()] });
    await engine.call('sns', 'CreateTopic', { Name: 'alarms' });
  });
  afterEach(() => engine.stop());

  const attributesOf = async (arn: string | undefined) =>
    (await engine.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: arn })).Attributes ?? {};
  const toQueue = async (name: string, Attributes: Record<string, string> = {}) => {
    await engine.call('sqs', 'CreateQueue', { QueueName: name });
    const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    return engine.call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint, Attributes });
  };
  const toFunction = () =>
    engine.call('sns', 'Subscribe', {
      TopicArn: TOPIC,
      Protocol: 'lambda',
      Endpoint: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:pager`,
    });
  const received = (name: string) =>
    eventually(
      async () => {
        const { Messages } = await engine.call('sqs', 'ReceiveMessage', {
          QueueUrl: queueUrl(name),
          MessageAttributeNames: ['All'],
        });
        if (!Messages?.[0]) throw new Error(`nothing is in ${name}`);
        return Messages[0];
      },
      { timeoutMs: 5_000, intervalMs: 5 },
    );

  it('creates a topic once, and a second time only with other attributes refuses', async () => {
    expect(await engine.call('sns', 'CreateTopic', { Name: 'alarms' })).toEqual({ TopicArn: TOPIC });
    await expect(
      engine.call('sns', 'CreateTopic', { Name: 'alarms', Attributes: { DisplayName: 'Alarms' } }),
    ).rejects.toThrow('Topic already exists with different attributes');
    await engine.call('sns', 'SetTopicAttributes', {
      TopicArn: TOPIC,
      AttributeName: 'DisplayName',
      AttributeValue: 'Alarms',
    });
    const { Attributes } = await engine.call('sns', 'GetTopicAttributes', { TopicArn: TOPIC });
    expect(Attributes).toMatchObject({
      TopicArn: TOPIC,
      Owner: ACCOUNT,
      DisplayName: 'Alarms',
      SubscriptionsPending: '0',
      Policy: expect.stringContaining('__default_policy_ID'),
    });
  });

  it('brings a message to a queue in its envelope, and bare with its attributes where that is asked for', async () => {
    await toQueue('wrapped');
    await toQueue('raw', { RawMessageDelivery: 'true' });
    const { MessageId } = await engine.call('sns', 'Publish', {
      TopicArn: TOPIC,
      Subject: 'hello',
      Message: 'body',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } },
    });
    expect(JSON.parse((await received('wrapped')).Body ?? '')).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: TOPIC,
      Subject: 'hello',
      Message: 'body',
      Timestamp: expect.stringMatching(/Z$/),
      UnsubscribeURL: expect.stringContaining('/_sns/unsubscribe.html?SubscriptionArn=arn'),
      MessageAttributes: { kind: { Type: 'String', Value: 'greeting' } },
    });
    expect(await received('raw')).toMatchObject({
      Body: 'body',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } },
    });
    const asSns = engine.asked.filter(({ caller }) => caller.service === 'sns.amazonaws.com');
    expect(asSns.map(({ caller, requirement }) => [requirement.action, caller.sourceArn])).toEqual([
      ['sqs:SendMessage', TOPIC],
      ['sqs:SendMessage', TOPIC],
    ]);
  });

  it('gives each protocol its own text of a message that has several, and all others the default', async () => {
    await toQueue('all');
    await toFunction();
    const Message = JSON.stringify({ default: 'for all', lambda: 'for functions' });
    await engine.call('sns', 'Publish', { TopicArn: TOPIC, Message, MessageStructure: 'json' });
    expect(JSON.parse((await received('all')).Body ?? '')).toMatchObject({ Message: 'for all' });
    await eventually(
      async () =>
        expect(pager.events).toEqual([
          {
            Records: [
              expect.objectContaining({
                EventSource: 'aws:sns',
                Sns: expect.objectContaining({ Message: 'for functions' }),
              }),
            ],
          },
        ]),
      { timeoutMs: 5_000, intervalMs: 5 },
    );
  });

  it('puts what a queue refuses into the subscription’s dead-letter queue', async () => {
    await engine.call('sqs', 'CreateQueue', { QueueName: 'dead' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead` });
    await toQueue('closed', { RedrivePolicy });
    engine.deny(({ service }, { resource }) => service === 'sns.amazonaws.com' && resource.endsWith(':closed'));
    await engine.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'body' });
    expect(JSON.parse((await received('dead')).Body ?? '')).toMatchObject({ Message: 'body' });
    expect(engine.metrics.samples.filter(({ namespace }) => namespace === 'AWS/SNS').map(({ name }) => name)).toEqual([
      'NumberOfMessagesPublished',
      'PublishSize',
      'NumberOfNotificationsFailed',
      'NumberOfNotificationsRedrivenToDlq',
    ]);
  });

  it('goes on trying what merely fails', async () => {
    pager.fail(new AwsError('ServiceException', 'not now', { status: 500 }));
    await toFunction();
    await engine.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'second try' });
    await eventually(() => expect(pager.failures).toEqual([]));
    await eventually(() => {
      engine.clock.advance(1_000);
      expect(JSON.stringify(pager.events.at(-1))).toContain('second try');
    });
  });

  it('delivers after a restart what was accepted before', async () => {
    const store = new SqliteStore(':memory:');
    const first = await startSpecEngine({ store });
    await first.call('sqs', 'CreateQueue', { QueueName: 'late' });
    await first.call('sns', 'CreateTopic', { Name: 'alarms' });
    const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:late`;
    await first.call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint });
    const published = first.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'body' });
    // Stopped before the delivery's timer fires.
    await Promise.all([published, first.stop()]);
    expect(store.table('sns.deliveries').size).toBe(1);
    const second = await startSpecEngine({ store });
    await eventually(
      async () => {
        const { Messages } = await second.call('sqs', 'ReceiveMessage', { QueueUrl: queueUrl('late') });
        expect(Messages).toHaveLength(1);
      },
      { timeoutMs: 5_000, intervalMs: 5 },
    );
    await second.stop();
  });

  it('needs the topic’s key of whoever publishes: a service that the key refuses publishes nothing', async () => {
    const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/own`;
    await engine.call('sns', 'SetTopicAttributes', {
      TopicArn: TOPIC,
      AttributeName: 'KmsMasterKeyId',
      AttributeValue: key,
    });
    await engine.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'body' }, CLOUDWATCH);
    const keyCalls = engine.asked.filter(({ requirement }) => requirement.action.startsWith('kms:'));
    expect(keyCalls.map(({ caller, requirement }) => [caller.service, caller.via, requirement.action])).toEqual([
      ['cloudwatch.amazonaws.com', 'sns.us-east-1.amazonaws.com', 'kms:GenerateDataKey'],
      ['cloudwatch.amazonaws.com', 'sns.us-east-1.amazonaws.com', 'kms:Decrypt'],
    ]);
    engine.deny((_, { action }) => action === 'kms:Decrypt');
    await expect(engine.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'body' }, CLOUDWATCH)).rejects.toMatchObject(
      { code: 'KMSAccessDeniedException', queryCode: 'KMSAccessDenied' },
    );
  });

  it('says whose service it is to the topic’s policy, and asks subscriptions’ actions of the topic', async () => {
    const { SubscriptionArn } = await toQueue('work');
    await engine.call('sns', 'Publish', { TopicArn: TOPIC, Message: 'body' }, CLOUDWATCH);
    await attributesOf(SubscriptionArn);
    const ofSns = engine.asked.map(({ requirement }) => requirement).filter(({ action }) => action.startsWith('sns:'));
    expect(ofSns).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'sns:Publish', conditions: { 'aws:SourceOwner': ACCOUNT } }),
        expect.objectContaining({ action: 'sns:GetSubscriptionAttributes', resource: TOPIC }),
      ]),
    );
  });

  it('forgets a topic’s subscriptions with the topic', async () => {
    const { SubscriptionArn } = await toQueue('work');
    expect((await engine.call('sns', 'ListSubscriptions', {})).Subscriptions).toHaveLength(1);
    await engine.call('sns', 'DeleteTopic', { TopicArn: TOPIC });
    expect((await engine.call('sns', 'ListSubscriptions', {})).Subscriptions).toEqual([]);
    await expect(attributesOf(SubscriptionArn)).rejects.toThrow('Subscription does not exist');
    await engine.call('sns', 'DeleteTopic', { TopicArn: TOPIC });
  });

  it('publishes the entries of a batch one by one', async () => {
    await toQueue('work');
    const { Successful, Failed } = await engine.call('sns', 'PublishBatch', {
      TopicArn: TOPIC,
      PublishBatchRequestEntries: [
        { Id: 'good', Message: 'body' },
        { Id: 'bad', Message: 'body', Subject: 'two\nlines' },
      ],
    });
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toEqual([
      { Id: 'bad', SenderFault: true, Code: 'InvalidParameter', Message: 'Invalid parameter: Subject' },
    ]);
  });
});
