import type { InputOf } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;

describe('what SNS refuses, in its words', () => {
  let engine: SpecEngine;

  beforeAll(async () => {
    engine = await startSpecEngine();
    await engine.call('sns', 'CreateTopic', { Name: 'alarms' });
  });
  afterAll(() => engine.stop());

  const create = (Name: string, Attributes?: Record<string, string>) =>
    engine.call('sns', 'CreateTopic', { Name, Attributes });
  const subscribe = (Protocol: string, Endpoint: string, Attributes?: Record<string, string>) =>
    engine.call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol, Endpoint, Attributes });
  const publish = (input: InputOf<'sns', 'Publish'>) => engine.call('sns', 'Publish', { TopicArn: TOPIC, ...input });

  const tag = (...Tags: { Key: string; Value: string }[]) =>
    engine.call('sns', 'TagResource', { ResourceArn: TOPIC, Tags });

  it.each<[string, () => Promise<unknown>, string, string]>([
    ['a name with a space', () => create('a b'), 'InvalidParameterException', 'Invalid parameter: Topic Name'],
    ['FIFO topics', () => create('a.fifo'), 'UnsupportedOperation', 'FIFO topics'],
    ['an attribute it has not', () => create('a', { Nope: '1' }), 'InvalidParameterException', 'AttributeName'],
    ['retries to web servers', () => create('a', { DeliveryPolicy: '{}' }), 'UnsupportedOperation', 'DeliveryPolicy'],
    [
      'a log of what is delivered',
      () => create('a', { SQSSuccessFeedbackSampleRate: '50' }),
      'UnsupportedOperation',
      'SQSSuccessFeedbackSampleRate',
    ],
    ['a policy that is none', () => create('a', { Policy: 'no' }), 'InvalidParameterException', 'Policy Error'],
    [
      'a topic by no ARN',
      () => publish({ TopicArn: 'alarms', Message: 'm' }),
      'InvalidParameterException',
      'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    ],
    // Recorded on AWS by LocalStack's test_cross_region_access.
    [
      'a topic of another region',
      () => publish({ TopicArn: TOPIC.replace(REGION, 'eu-west-1'), Message: 'm' }),
      'InvalidParameterException',
      'Invalid parameter: TopicArn',
    ],
    ['a topic that is not there', () => publish({ TopicArn: `${TOPIC}2`, Message: 'm' }), 'NotFoundException', 'Topic'],
    [
      'a protocol nobody has',
      () => subscribe('pigeon', 'a'),
      'InvalidParameterException',
      'Amazon SNS does not support this protocol string: pigeon',
    ],
    ['web servers', () => subscribe('https', 'https://example.com'), 'UnsupportedOperation', 'the protocol https'],
    ['an address that is none', () => subscribe('email', 'nobody'), 'InvalidParameterException', 'Email address'],
    ['a queue by its name', () => subscribe('sqs', 'work'), 'InvalidParameterException', 'SQS endpoint ARN'],
    [
      'a queue of another account',
      () => subscribe('sqs', `arn:aws:sqs:${REGION}:111122223333:work`),
      'UnsupportedOperation',
      'another account',
    ],
    [
      'bare messages by mail',
      () => subscribe('email', 'a@example.com', { RawMessageDelivery: 'true' }),
      'InvalidParameterException',
      'Delivery protocol [email] does not support raw message delivery.',
    ],
    [
      'filters that are none',
      () => subscribe('email', 'a@example.com', { FilterPolicy: '{"a":"b"}' }),
      'InvalidParameterException',
      'Invalid parameter: FilterPolicy: "a" must be an object or an array',
    ],
    ['nothing to say', () => publish({ Message: '' }), 'InvalidParameterException', 'Invalid parameter: Empty message'],
    [
      'too much to say',
      () => publish({ Message: 'x'.repeat(262_145) }),
      'InvalidParameterException',
      'Invalid parameter: Message too long',
    ],
    [
      'a long subject',
      () => publish({ Message: 'm', Subject: 'x'.repeat(101) }),
      'InvalidParameterException',
      'Subject',
    ],
    [
      'several texts without a default',
      () => publish({ Message: '{"email":"m"}', MessageStructure: 'json' }),
      'InvalidParameterException',
      'No default entry in JSON message body',
    ],
    [
      'an attribute of no type',
      () => publish({ Message: 'm', MessageAttributes: { a: { DataType: 'Text', StringValue: 'v' } } }),
      'InvalidParameterValueException',
      'the set of supported type prefixes is Binary, Number, and String.',
    ],
    [
      'a number to call',
      () => engine.call('sns', 'Publish', { TopicArn: TOPIC, PhoneNumber: '+15550100', Message: 'm' }),
      'UnsupportedOperation',
      'text messages to phones',
    ],
    [
      'a token nobody was sent',
      () => engine.call('sns', 'ConfirmSubscription', { TopicArn: TOPIC, Token: 'guess' }),
      'InvalidParameterException',
      'Invalid parameter: Token',
    ],
    [
      'a page nobody was told of',
      () => engine.call('sns', 'ListTopics', { NextToken: 'guess' }),
      'InvalidParameterException',
      'Invalid parameter: NextToken',
    ],
    ['a tag that is AWS’s', () => tag({ Key: 'aws:a', Value: '' }), 'InvalidParameterException', 'Tags Reason: aws:'],
    ['a tag without a key', () => tag({ Key: '', Value: '' }), 'InvalidParameterException', 'Tags Reason: Keys'],
    [
      'a tag of a long value',
      () => tag({ Key: 'a', Value: 'v'.repeat(257) }),
      'InvalidParameterException',
      'Tags Reason: Values',
    ],
    [
      'a new topic with more tags than it may have',
      () =>
        engine.call('sns', 'CreateTopic', {
          Name: 'tagged',
          Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
        }),
      'TagLimitExceededException',
      'quota',
    ],
    [
      'tags of what is not there',
      () => engine.call('sns', 'TagResource', { ResourceArn: `${TOPIC}2`, Tags: [{ Key: 'a', Value: 'b' }] }),
      'ResourceNotFoundException',
      'Resource does not exist',
    ],
  ])('%s', async (_, call, code, message) => {
    await expect(call()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('a topic without a name before it asks whether one may be made: there is nothing to ask about', async () => {
    engine.asked.length = 0;
    await expect(create('')).rejects.toMatchObject({ message: 'Invalid parameter: Topic Name' });
    expect(engine.asked).toEqual([]);
  });
});
