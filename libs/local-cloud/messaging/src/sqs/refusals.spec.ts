import type { AwsError } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/work`;
const arn = (name: string, account = ACCOUNT, region = REGION): string => `arn:aws:sqs:${region}:${account}:${name}`;
const EIGHT_ACTIONS = [
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
] as const;
const NO_NAME = ['MissingRequiredParameterException', 'The request must contain the parameter QueueName.'] as const;

describe('what SQS refuses, in its words', () => {
  let engine: SpecEngine;

  beforeAll(async () => {
    engine = await startSpecEngine();
    for (const QueueName of ['work', 'dead']) await engine.call('sqs', 'CreateQueue', { QueueName });
  });
  afterAll(() => engine.stop());

  const redrive = (deadLetterTargetArn: string, maxReceiveCount: unknown = 3) =>
    engine.call('sqs', 'SetQueueAttributes', {
      QueueUrl,
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) },
    });
  const share = (input: object) =>
    engine.call('sqs', 'AddPermission', {
      QueueUrl,
      Label: 'label',
      Actions: ['SendMessage'],
      AWSAccountIds: [ACCOUNT],
      ...input,
    });
  const tag = (Tags: Record<string, string>) => engine.call('sqs', 'TagQueue', { QueueUrl, Tags });
  const send = (input: object) => engine.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'b', ...input });

  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'a receipt handle that is none',
      () => engine.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: 'fake' }),
      'ReceiptHandleIsInvalid',
      'The input receipt handle "fake" is not a valid receipt handle.',
    ],
    [
      'a dead-letter queue by no ARN',
      () => redrive('dead'),
      'InvalidParameterValueException',
      'Value {"deadLetterTargetArn":"dead","maxReceiveCount":3} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.',
    ],
    [
      'a dead-letter queue in another region',
      () => redrive(arn('dead', ACCOUNT, 'eu-west-1')),
      'InvalidParameterValueException',
      'Dead letter target owner should be same as the source.',
    ],
    [
      'a dead-letter queue that is not there',
      () => redrive(arn('none')),
      'InvalidParameterValueException',
      'does not exist',
    ],
    [
      'a FIFO queue’s attribute',
      () => engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { FifoQueue: 'true' } }),
      'InvalidAttributeName',
      'Unknown Attribute FifoQueue.',
    ],
    [
      'a new queue with a FIFO queue’s attribute',
      () => engine.call('sqs', 'CreateQueue', { QueueName: 'new', Attributes: { DeduplicationScope: 'queue' } }),
      'InvalidAttributeName',
      'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    [
      'a FIFO queue without the suffix',
      () => engine.call('sqs', 'CreateQueue', { QueueName: 'new', Attributes: { FifoQueue: 'true' } }),
      'InvalidParameterValueException',
      'must end with .fifo suffix',
    ],
    [
      'the suffix alone',
      () => engine.call('sqs', 'CreateQueue', { QueueName: 'new.fifo' }),
      'InvalidParameterValueException',
      'Can only include alphanumeric characters',
    ],
    [
      'two kinds of encryption',
      () => {
        const Attributes = { KmsMasterKeyId: 'alias/own', SqsManagedSseEnabled: 'true' };
        return engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
      },
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time.',
    ],
    [
      'an attribute that every object has',
      () => engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { constructor: '1' } as object }),
      'InvalidAttributeName',
      'Unknown Attribute constructor.',
    ],
    [
      'an empty message attribute',
      () => send({ MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }),
      'InvalidParameterValueException',
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      'a task’s handle that is none',
      () => engine.call('sqs', 'CancelMessageMoveTask', { TaskHandle: 'bm9uZQ==' }),
      'InvalidParameterValueException',
      'Value for parameter TaskHandle is invalid.',
    ],
    [
      'the task of a queue that is not there',
      () => {
        const TaskHandle = Buffer.from(`task ${arn('none')}`).toString('base64');
        return engine.call('sqs', 'CancelMessageMoveTask', { TaskHandle });
      },
      'ResourceNotFoundException',
      'the SourceArn parameter',
    ],
    ['too many receives', () => redrive(arn('dead'), 1001), 'InvalidParameterValueException', 'from 1 to 1000'],
    [
      'an action of the owner alone',
      () => share({ Actions: ['DeleteQueue'] }),
      'InvalidParameterValueException',
      'Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
    ],
    [
      'more actions than a statement may have',
      () => share({ Actions: [...EIGHT_ACTIONS] }),
      'OverLimit',
      '8 actions were given, a statement has at most 7.',
    ],
    ['a queue without a name', () => engine.call('sqs', 'CreateQueue', { QueueName: '' }), ...NO_NAME],
    ['the URL of a queue without a name', () => engine.call('sqs', 'GetQueueUrl', { QueueName: '' }), ...NO_NAME],
    ['a tag that is AWS’s', () => tag({ 'aws:cost': '1' }), 'InvalidParameterValueException', 'aws:'],
    ['a tag without a key', () => tag({ '': '1' }), 'InvalidParameterValueException', '1 to 128'],
    ['a tag of a long key', () => tag({ ['k'.repeat(129)]: '1' }), 'InvalidParameterValueException', '1 to 128'],
    ['a tag of a long value', () => tag({ key: 'v'.repeat(257) }), 'InvalidParameterValueException', '256'],
    [
      'a new queue with a tag that is AWS’s',
      () => engine.call('sqs', 'CreateQueue', { QueueName: 'tagged', tags: { 'AWS:cost': '1' } }),
      'InvalidParameterValueException',
      'aws:',
    ],
    [
      'a page nobody was told of',
      () => engine.call('sqs', 'ListQueues', { MaxResults: 1, NextToken: 'guess?' }),
      'InvalidParameterValueException',
      'NextToken',
    ],
    [
      'source queues that are none',
      () => {
        const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: ['work', 1] });
        return engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { RedriveAllowPolicy } });
      },
      'InvalidParameterValueException',
      'in an unsupported format',
    ],
    [
      'an account that is none',
      () => share({ AWSAccountIds: ['1234'] }),
      'InvalidParameterValueException',
      'Value [1234] for parameter PrincipalId is invalid. Reason: Unable to verify.',
    ],
    [
      'a label that is not there',
      () => engine.call('sqs', 'RemovePermission', { QueueUrl, Label: 'none' }),
      'InvalidParameterValueException',
      "Value none for parameter Label is invalid. Reason: can't find label.",
    ],
    [
      'lists as attributes',
      () => send({ MessageAttributes: { a: { DataType: 'String', StringValue: 'v', StringListValues: ['v'] } } }),
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    ],
    [
      'a group’s name with a space',
      () => send({ MessageGroupId: 'a b' }),
      'InvalidParameterValueException',
      'MessageGroupId',
    ],
    [
      'deduplication on a standard queue',
      () => send({ MessageDeduplicationId: 'd' }),
      'InvalidParameterValueException',
      'The request include parameter that is not valid for this queue type',
    ],
  ])('%s', async (_, call, code, message) => {
    await expect(call()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('a queue that is not there, with other words for Query clients', async () => {
    const error = await engine
      .call('sqs', 'GetQueueUrl', { QueueName: 'none' })
      .catch((thrown: unknown) => thrown as AwsError);
    expect(error).toMatchObject({
      code: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
      queryMessage: 'The specified queue does not exist for this wsdl version.',
    });
  });

  it('no attempt’s id, which counts for FIFO queues only', async () => {
    const call = engine.call('sqs', 'ReceiveMessage', { QueueUrl, ReceiveRequestAttemptId: 'a' });
    await expect(call).resolves.toEqual({});
  });

  it('nothing of a tenant’s group: it comes back with the message', async () => {
    await send({ MessageGroupId: 'tenant-1' });
    const { Messages } = await engine.call('sqs', 'ReceiveMessage', {
      QueueUrl,
      MessageSystemAttributeNames: ['MessageGroupId'],
    });
    expect(Messages?.[0]?.Attributes).toEqual({ MessageGroupId: 'tenant-1' });
  });
});
