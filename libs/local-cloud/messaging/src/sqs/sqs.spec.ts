import { SqliteStore } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { specKeys } from '@outbox/local-cloud-testing';
import { ACCOUNT, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;

jest.setTimeout(30_000);

/** Patient: every suite of the repository may be running beside this one. */
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('SQS', () => {
  let engine: SpecEngine;

  beforeEach(async () => {
    engine = await startSpecEngine();
  });
  afterEach(() => engine.stop());

  const create = async (name: string, attributes: Record<string, string> = {}): Promise<string> =>
    (await engine.call('sqs', 'CreateQueue', { QueueName: name, Attributes: attributes })).QueueUrl ?? '';
  const send = (url: string, body: string) => engine.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody: body });
  const receive = async (url: string, options: object = {}) =>
    (await engine.call('sqs', 'ReceiveMessage', { QueueUrl: url, MessageSystemAttributeNames: ['All'], ...options }))
      .Messages ?? [];

  it('shows the attributes AWS shows, with its defaults', async () => {
    const url = await create('orders', { VisibilityTimeout: '60', MaximumMessageSize: '262144' });
    expect(url).toBe(`http://127.0.0.1:4566/${ACCOUNT}/orders`);
    const created = String(Math.floor(engine.clock.now() / 1000));
    const { Attributes } = await engine.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
    expect(Attributes).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: created,
      LastModifiedTimestamp: created,
      VisibilityTimeout: '60',
      MaximumMessageSize: '262144',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
  });

  it('drops a policy that is set to nothing', async () => {
    const url = await create('orders', { Policy: '{"Statement":[]}' });
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy: '' } });
    const { Attributes } = await engine.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
    expect(Attributes).not.toHaveProperty('Policy');
  });

  it('creates a queue again only with the same attributes, and not right after its deletion', async () => {
    const url = await create('orders', { DelaySeconds: '5' });
    expect(await create('orders', { DelaySeconds: '5' })).toBe(url);
    await expect(create('orders', { DelaySeconds: '6' })).rejects.toMatchObject({ code: 'QueueNameExists' });
    await engine.call('sqs', 'DeleteQueue', { QueueUrl: url });
    await expect(create('orders')).rejects.toMatchObject({ code: 'QueueDeletedRecently' });
    await expect(send(url, 'x')).rejects.toMatchObject({ queryCode: 'AWS.SimpleQueueService.NonExistentQueue' });
    engine.clock.advance(60_000);
    await expect(create('orders')).resolves.toBe(url);
  });

  it('answers the digests SDKs check', async () => {
    const url = await create('orders');
    const sent = await engine.call('sqs', 'SendMessage', {
      QueueUrl: url,
      MessageBody: 'This is a test message',
      MessageAttributes: { test_attribute_name_1: { DataType: 'String', StringValue: 'test_attribute_value_1' } },
    });
    expect(sent.MD5OfMessageBody).toBe('fafb00f5732ab283681e124bf8747ed1');
    const [message] = await receive(url, { MessageAttributeNames: ['another', 'other.*'] });
    expect(message?.MessageAttributes).toBeUndefined();
    engine.clock.advance(30_000);
    const [again] = await receive(url, { MessageAttributeNames: ['*'] });
    expect(again?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  it('hides a received message until its visibility timeout, or until told', async () => {
    const url = await create('orders');
    await send(url, 'one');
    const [first] = await receive(url);
    expect(await receive(url)).toEqual([]);
    engine.clock.advance(30_000);
    const [second] = await receive(url);
    expect(second).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });

    // The older handle no longer deletes; that is a success all the same.
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    const visibility = { QueueUrl: url, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 };
    await engine.call('sqs', 'ChangeMessageVisibility', visibility);
    const [third] = await receive(url);
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: third?.ReceiptHandle });
    engine.clock.advance(60_000);
    expect(await receive(url)).toEqual([]);
    await expect(
      engine.call('sqs', 'ChangeMessageVisibility', { ...visibility, ReceiptHandle: third?.ReceiptHandle }),
    ).rejects.toMatchObject({
      queryCode: 'InvalidParameterValue',
    });
  });

  // Recorded on AWS by LocalStack's suite, whatever the reference says of MessageNotInflight.
  it('hides a message again by its newest handle after the timeout ran out, and by an older one', async () => {
    const url = await create('orders');
    await send(url, 'one');
    const [first] = await receive(url);
    engine.clock.advance(31_000);
    const hide = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 60 };
    await expect(engine.call('sqs', 'ChangeMessageVisibility', hide)).resolves.toEqual({});
    engine.clock.advance(59_000);
    expect(await receive(url)).toEqual([]);
    engine.clock.advance(1_000);
    expect(await receive(url)).toHaveLength(1);
    const Entries = [{ Id: 'older', ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }];
    const batch = await engine.call('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl: url, Entries });
    expect(batch).toMatchObject({ Successful: [{ Id: 'older' }] });
    const [again] = await receive(url);
    engine.clock.advance(31_000);
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: again?.ReceiptHandle });
    expect(await receive(url)).toEqual([]);
  });

  it('wakes a waiting receiver when a message comes, and when one comes back', async () => {
    const url = await create('orders');
    const waiting = receive(url, { WaitTimeSeconds: 20, VisibilityTimeout: 5 });
    await send(url, 'one');
    expect(await waiting).toMatchObject([{ Body: 'one' }]);
    const again = receive(url, { WaitTimeSeconds: 20 });
    engine.clock.advance(5_000);
    expect(await again).toMatchObject([{ Body: 'one' }]);
    const none = receive(url, { WaitTimeSeconds: 20 });
    engine.clock.advance(20_000);
    expect(await none).toEqual([]);
  });

  it('moves what was received too often to the dead-letter queue, with its times, and back by a move task', async () => {
    const dlq = await create('orders-dlq');
    const url = await create('orders', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('orders-dlq'), maxReceiveCount: 2 }),
    });
    await send(url, 'poison');
    const [first] = await receive(url, { VisibilityTimeout: 0 });
    await receive(url, { VisibilityTimeout: 0 });
    engine.clock.advance(1_000);
    expect(await receive(url)).toEqual([]);
    const [dead] = await receive(dlq, { VisibilityTimeout: 0 });
    expect(dead).toMatchObject({
      MessageId: first?.MessageId,
      Attributes: { DeadLetterQueueSourceArn: arnOf('orders'), SentTimestamp: first?.Attributes?.SentTimestamp },
    });

    const sources = await engine.call('sqs', 'ListDeadLetterSourceQueues', { QueueUrl: dlq });
    expect(sources.queueUrls).toEqual([url]);
    await engine.call('sqs', 'StartMessageMoveTask', { SourceArn: arnOf('orders-dlq') });
    await eventually(async () => {
      const { Results } = await engine.call('sqs', 'ListMessageMoveTasks', { SourceArn: arnOf('orders-dlq') });
      expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    });
    expect(await receive(url)).toMatchObject([{ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('moves from a queue in one task at a time', async () => {
    const dlq = await create('orders-dlq');
    await create('orders', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('orders-dlq'), maxReceiveCount: 2 }),
    });
    for (const body of ['a', 'b', 'c']) await send(dlq, body);
    const move = {
      SourceArn: arnOf('orders-dlq'),
      DestinationArn: arnOf('orders'),
      MaxNumberOfMessagesPerSecond: 1,
    };
    await engine.call('sqs', 'StartMessageMoveTask', move);
    await expect(engine.call('sqs', 'StartMessageMoveTask', move)).rejects.toMatchObject({
      queryCode: 'InvalidParameterValue',
      message: expect.stringContaining('There is already a task running.') as unknown,
    });
  });

  it('moves nothing that SQS did not dead-letter itself without a destination', async () => {
    const dlq = await create('orders-dlq');
    await create('orders', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('orders-dlq'), maxReceiveCount: 2 }),
    });
    await send(dlq, 'sent by a consumer');
    await engine.call('sqs', 'StartMessageMoveTask', { SourceArn: arnOf('orders-dlq') });
    await eventually(async () => {
      const { Results } = await engine.call('sqs', 'ListMessageMoveTasks', { SourceArn: arnOf('orders-dlq') });
      expect(Results).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
    });
    await expect(engine.call('sqs', 'StartMessageMoveTask', { SourceArn: arnOf('orders') })).rejects.toMatchObject({
      message: 'Source queue must be configured as a Dead Letter Queue.',
    });
  });

  it('refuses a dead-letter queue that does not exist or does not allow it', async () => {
    const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 2 }) };
    await expect(create('orders', redrive)).rejects.toThrow('Dead letter target does not exist.');
    await create('dlq', {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('other')] }),
    });
    await expect(create('orders', redrive)).rejects.toThrow('does not permit');
    await expect(create('other', redrive)).resolves.toContain('other');
  });

  it('reports what failed in a batch entry by entry, and refuses batches that make no sense', async () => {
    const url = await create('orders', { MaximumMessageSize: '1024' });
    const batch = (entries: { Id: string; MessageBody: string }[]) =>
      engine.call('sqs', 'SendMessageBatch', { QueueUrl: url, Entries: entries });
    const result = await batch([
      { Id: 'a', MessageBody: 'fine' },
      { Id: 'b', MessageBody: 'x'.repeat(1025) },
      { Id: 'c', MessageBody: '\u0000' },
    ]);
    expect(result.Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(result.Failed).toMatchObject([
      { Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' },
      { Id: 'c', SenderFault: true, Code: 'InvalidMessageContents' },
    ]);
    await expect(batch([])).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
    const same = { Id: 'a', MessageBody: 'x' };
    await expect(batch([same, same])).rejects.toMatchObject({ code: 'BatchEntryIdsNotDistinct' });
    await expect(batch([{ Id: 'a b', MessageBody: 'x' }])).rejects.toMatchObject({ code: 'InvalidBatchEntryId' });
  });

  it('delays, expires and purges', async () => {
    const url = await create('orders', { MessageRetentionPeriod: '60' });
    await engine.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody: 'later', DelaySeconds: 10 });
    expect(await receive(url)).toEqual([]);
    engine.clock.advance(10_000);
    expect(await receive(url, { VisibilityTimeout: 0 })).toHaveLength(1);
    engine.clock.advance(51_000);
    expect(await receive(url)).toEqual([]);
    await send(url, 'gone');
    await engine.call('sqs', 'PurgeQueue', { QueueUrl: url });
    expect(await receive(url)).toEqual([]);
    await expect(engine.call('sqs', 'PurgeQueue', { QueueUrl: url })).rejects.toMatchObject({
      code: 'PurgeQueueInProgress',
    });
  });

  it('needs its key of a sender and of a receiver, through SQS and for this queue', async () => {
    await engine.stop();
    engine = await startSpecEngine({ services: [specKeys()] });
    const url = await create('orders', { KmsMasterKeyId: 'alias/mine' });
    engine.asked.length = 0;
    await send(url, 'x');
    expect(await receive(url)).toMatchObject([{ Body: 'x' }]);
    const asked = engine.asked.map(({ requirement, caller }) => [requirement.action, caller.via]);
    expect(asked).toEqual([
      ['sqs:SendMessage', undefined],
      ['kms:GenerateDataKey', 'sqs.us-east-1.amazonaws.com'],
      ['kms:Decrypt', 'sqs.us-east-1.amazonaws.com'],
      ['sqs:ReceiveMessage', undefined],
      ['kms:Decrypt', 'sqs.us-east-1.amazonaws.com'],
    ]);

    await send(url, 'y');
    engine.deny((_, { action }) => action === 'kms:Decrypt');
    await expect(receive(url)).rejects.toMatchObject({
      code: 'KmsAccessDenied',
      queryCode: 'KMS.AccessDeniedException',
    });
    engine.deny(() => false);
    expect(await receive(url)).toMatchObject([{ Body: 'y', Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('adds and removes permissions by label', async () => {
    const url = await create('orders');
    const label = { QueueUrl: url, Label: 'send' };
    await engine.call('sqs', 'AddPermission', { ...label, AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] });
    const policy = async (): Promise<unknown> => {
      const { Attributes } = await engine.call('sqs', 'GetQueueAttributes', {
        QueueUrl: url,
        AttributeNames: ['Policy'],
      });
      return Attributes && JSON.parse(Attributes.Policy ?? '{}');
    };
    expect(await policy()).toMatchObject({
      Statement: [{ Sid: 'send', Effect: 'Allow', Action: 'SQS:SendMessage', Resource: arnOf('orders') }],
    });
    await engine.call('sqs', 'RemovePermission', label);
    expect(await policy()).toBeUndefined();
    await expect(engine.call('sqs', 'RemovePermission', label)).rejects.toMatchObject({
      queryCode: 'InvalidParameterValue',
    });
  });

  it('asks for the documented action on the queue, under its policy', async () => {
    const url = await create('orders', { Policy: '{"Statement":[]}' });
    engine.asked.length = 0;
    await send(url, 'x');
    expect(engine.asked.map(({ requirement }) => requirement)).toEqual([
      { action: 'sqs:SendMessage', resource: arnOf('orders'), resourcePolicy: '{"Statement":[]}' },
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['orders', { Colour: 'red' }, 'InvalidAttributeName'],
    ['orders', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
  ])('refuses to create %s with %j', async (name, attributes, code) => {
    await expect(create(name, attributes)).rejects.toMatchObject({ code });
  });

  it('keeps queues, messages and flights over a restart', async () => {
    const store = new SqliteStore(':memory:');
    await engine.stop();
    engine = await startSpecEngine({ store });
    const url = await create('orders');
    await send(url, 'one');
    await send(url, 'two');
    const [first] = await receive(url);
    await engine.stop();
    engine = await startSpecEngine({ store });
    expect(await receive(url)).toMatchObject([{ Body: 'two' }]);
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    engine.clock.advance(30_000);
    expect(await receive(url, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: 'two' }]);
  });
});
