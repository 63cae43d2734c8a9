import fc from 'fast-check';
import { SqliteStore, type InputOf } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { ACCOUNT, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

jest.setTimeout(30_000);

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });
const invalid = (message: string) => ({ code: 'InvalidParameterValueException', message });

describe('FIFO queues', () => {
  let engine: SpecEngine;
  let QueueUrl: string;

  beforeEach(async () => {
    engine = await startSpecEngine();
    QueueUrl = await create('orders.fifo');
  });
  afterEach(() => engine.stop());

  const create = async (QueueName: string, attributes: Record<string, string> = {}): Promise<string> => {
    const Attributes = { FifoQueue: 'true', ...attributes };
    return (await engine.call('sqs', 'CreateQueue', { QueueName, Attributes })).QueueUrl ?? '';
  };
  const set = (Attributes: Record<string, string>) =>
    engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
  let count = 0;
  const send = (MessageBody: string, MessageGroupId: string, more: Partial<InputOf<'sqs', 'SendMessage'>> = {}) => {
    const MessageDeduplicationId = `d-${++count}`;
    return engine.call('sqs', 'SendMessage', {
      QueueUrl,
      MessageBody,
      MessageGroupId,
      MessageDeduplicationId,
      ...more,
    });
  };
  const receive = async (options: Partial<InputOf<'sqs', 'ReceiveMessage'>> = {}) => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const], ...options };
    return (await engine.call('sqs', 'ReceiveMessage', input)).Messages ?? [];
  };
  const bodies = async (options: Partial<InputOf<'sqs', 'ReceiveMessage'>> = {}) =>
    (await receive(options)).map(({ Body }) => Body);
  const remove = (ReceiptHandle: string | undefined) =>
    engine.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });

  // Recorded on AWS by LocalStack's test_fifo_set_content_based_deduplication_strategy.
  it('have attributes of their own, by AWS’s defaults', async () => {
    const { Attributes } = await engine.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
    const high = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
    await set(high);
    expect(await create('orders.fifo', high)).toBe(QueueUrl);
    await expect(create('orders.fifo', { ContentBasedDeduplication: 'true' })).rejects.toMatchObject({
      code: 'QueueNameExists',
      message: expect.stringContaining('attribute ContentBasedDeduplication') as string,
    });
    const { QueueUrls } = await engine.call('sqs', 'ListQueues', { MaxResults: 1 });
    expect(QueueUrls).toEqual([QueueUrl]);
  });

  it('tell a message’s group, deduplication id and sequence number', async () => {
    const sent = await send('a', 'g', { MessageDeduplicationId: 'd' });
    expect(sent.SequenceNumber).toMatch(/^\d{20}$/);
    const [message] = await receive();
    expect(message?.Attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
      SequenceNumber: sent.SequenceNumber,
    });
    const next = await send('b', 'g');
    expect(BigInt(next.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(sent.SequenceNumber ?? 0));
  });

  it('hold a group back while a message of it is received, and give the other groups’', async () => {
    await send('a1', 'a');
    await send('b1', 'b');
    await send('a2', 'a');
    const [first] = await receive({ MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('a1');
    expect(await bodies()).toEqual(['b1']);
    expect(await bodies()).toEqual([]);
    await remove(first?.ReceiptHandle);
    expect(await bodies()).toEqual(['a2']);
  });

  it('wake whoever waits as the message before is deleted', async () => {
    await send('a1', 'a');
    await send('a2', 'a');
    const [first] = await receive({ MaxNumberOfMessages: 1 });
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await remove(first?.ReceiptHandle);
    expect(await waiting).toEqual(['a2']);
  });

  // Recorded on AWS by LocalStack's test_fifo_group_visibility_extends_with_change_message_visibility.
  it.each([
    [[], []],
    [[0], ['1']],
    [
      [0, 1],
      ['1', '2'],
    ],
    [[0, 2], ['1']],
    [[1, 2], []],
  ])('give what is before the first hidden message of a group: %j made visible', async (visible, expected) => {
    for (const body of ['1', '2', '3']) await send(body, 'g');
    const messages = await receive();
    for (const index of visible) {
      const ReceiptHandle = messages[index]?.ReceiptHandle;
      await engine.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    }
    expect(await bodies()).toEqual(expected);
  });

  describe('deduplicate', () => {
    it('for five minutes, whatever became of the first: the second gets its answer', async () => {
      const first = await send('a', 'g', { MessageDeduplicationId: 'same' });
      const [message] = await receive();
      await remove(message?.ReceiptHandle);
      engine.clock.advance(4 * 60_000);
      expect(await send('b', 'h', { MessageDeduplicationId: 'same' })).toMatchObject({
        MessageId: first.MessageId,
        SequenceNumber: first.SequenceNumber,
      });
      expect(await bodies()).toEqual([]);
      engine.clock.advance(60_000);
      await send('c', 'g', { MessageDeduplicationId: 'same' });
      expect(await bodies()).toEqual(['c']);
      const counted = engine.metrics.samples.filter(({ name }) => name === 'NumberOfDeduplicatedSentMessages');
      expect(counted).toHaveLength(1);
    });

    it('by the body’s SHA-256, where the queue says so', async () => {
      await set({ ContentBasedDeduplication: 'true' });
      const byContent = { MessageDeduplicationId: undefined };
      await send('same', 'g', byContent);
      await send('same', 'g', { ...byContent, MessageAttributes: { a: { DataType: 'String', StringValue: 'other' } } });
      const [message, ...others] = await receive();
      expect(others).toEqual([]);
      // SHA-256 of "same".
      expect(message?.Attributes?.MessageDeduplicationId).toBe(
        '0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5',
      );
    });

    it('in each group alone, where the queue says so', async () => {
      await set({ DeduplicationScope: 'messageGroup' });
      await send('a', 'g', { MessageDeduplicationId: 'same' });
      await send('b', 'h', { MessageDeduplicationId: 'same' });
      await send('c', 'h', { MessageDeduplicationId: 'same' });
      expect(await bodies()).toEqual(['a', 'b']);
    });
  });

  // Recorded on AWS by LocalStack's test_posting_to_fifo_requires_deduplicationid_group_id and its neighbours.
  it('refuse messages without a group or a deduplication id, and delays', async () => {
    const required =
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
    await expect(send('a', 'g', { MessageDeduplicationId: undefined })).rejects.toMatchObject(invalid(required));
    await expect(send('a', 'g', { MessageGroupId: undefined })).rejects.toMatchObject({
      code: 'MissingRequiredParameterException',
      message: 'The request must contain the parameter MessageGroupId.',
    });
    await expect(send('a', 'g', { MessageDeduplicationId: 'group 123' })).rejects.toMatchObject(
      invalid(
        'Value group 123 for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
      ),
    );
    await expect(send('a', 'g', { DelaySeconds: 2 })).rejects.toMatchObject(
      invalid(
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
      ),
    );
    const Entries = [
      { Id: 'one', MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'd' },
      { Id: 'two', MessageBody: 'b', MessageGroupId: 'g' },
    ];
    await expect(engine.call('sqs', 'SendMessageBatch', { QueueUrl, Entries })).rejects.toMatchObject(
      invalid(required),
    );
    expect(await bodies()).toEqual([]);
    await set({ DelaySeconds: '5' });
    await send('late', 'g', { DelaySeconds: 0 });
    expect(await bodies()).toEqual([]);
    engine.clock.advance(5_000);
    expect(await bodies()).toEqual(['late']);
  });

  it.each<[string, Record<string, string>, string, string]>([
    // Recorded on AWS by LocalStack's test_set_unsupported_attribute_fifo.
    [
      'another type',
      { FifoQueue: 'false' },
      'InvalidAttributeValue',
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    ],
    [
      'a scope that is none',
      { DeduplicationScope: 'all' },
      'InvalidAttributeValue',
      'Invalid value for the parameter DeduplicationScope.',
    ],
    [
      'a limit that its scope excludes',
      { FifoThroughputLimit: 'perMessageGroupId' },
      'InvalidAttributeValue',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    ],
    [
      'a standard queue for its dead letters',
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('standard'), maxReceiveCount: 1 }) },
      'InvalidParameterValueException',
      'Dead letter target must be same type of queue as the source.',
    ],
  ])('refuse %s', async (_, attributes, code, message) => {
    await engine.call('sqs', 'CreateQueue', { QueueName: 'standard' });
    await expect(set(attributes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  // Recorded on AWS by LocalStack's test_fifo_delete_after_visibility_timeout and …_extended.
  it('refuse to delete by a handle whose time is over', async () => {
    await send('a', 'g');
    const [message] = await receive({ VisibilityTimeout: 1 });
    const { ReceiptHandle } = message ?? {};
    await engine.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 3 });
    engine.clock.advance(3_000);
    await expect(remove(ReceiptHandle)).rejects.toMatchObject(
      invalid(
        `Value ${ReceiptHandle ?? ''} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
      ),
    );
    const [again] = await receive();
    await remove(again?.ReceiptHandle);
    // What is gone may be deleted again.
    await remove(again?.ReceiptHandle);
  });

  it('put what was received too often into their dead-letter queue, in order, and go on with the group', async () => {
    const dead = await create('dead.fifo');
    await set({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead.fifo'), maxReceiveCount: 1 }) });
    await send('a1', 'a');
    await send('a2', 'a');
    const { sentAt } = { sentAt: engine.clock.now() };
    expect(await bodies({ MaxNumberOfMessages: 1, VisibilityTimeout: 1 })).toEqual(['a1']);
    engine.clock.advance(1_000);
    expect(await bodies({ MaxNumberOfMessages: 1, VisibilityTimeout: 1 })).toEqual(['a2']);
    engine.clock.advance(1_000);
    expect(await bodies()).toEqual([]);
    const letters = await receive({ QueueUrl: dead });
    expect(letters.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
      ['a1', 'a'],
      ['a2', 'a'],
    ]);
    expect(letters[0]?.Attributes?.DeadLetterQueueSourceArn).toBe(arnOf('orders.fifo'));
    // Retention begins anew (SQS developer guide, "Dead-letter queues").
    expect(Number(letters[0]?.Attributes?.SentTimestamp)).toBeGreaterThan(sentAt);

    for (const { ReceiptHandle } of letters) {
      await engine.call('sqs', 'ChangeMessageVisibility', { QueueUrl: dead, ReceiptHandle, VisibilityTimeout: 0 });
    }
    await engine.call('sqs', 'StartMessageMoveTask', { SourceArn: arnOf('dead.fifo') });
    await eventually(async () => {
      engine.clock.advance(10);
      const { Results } = await engine.call('sqs', 'ListMessageMoveTasks', { SourceArn: arnOf('dead.fifo') });
      expect(Results?.[0]?.Status).toBe('COMPLETED');
    });
    expect(await bodies()).toEqual(['a1', 'a2']);
  });

  it('give a receive that is repeated what it got, unless that was touched', async () => {
    await send('a', 'a');
    await send('b', 'b');
    const attempt = { ReceiveRequestAttemptId: 'attempt', MaxNumberOfMessages: 1 };
    const first = await receive(attempt);
    expect(await receive(attempt)).toEqual(first);
    expect(await bodies({ MaxNumberOfMessages: 1 })).toEqual(['b']);
    await remove(first[0]?.ReceiptHandle);
    expect(await bodies(attempt)).toEqual([]);
  });

  it('keep order, deduplication and sequence over a restart', async () => {
    const store = new SqliteStore(':memory:');
    await engine.stop();
    engine = await startSpecEngine({ store });
    await create('orders.fifo');
    const first = await send('a1', 'a', { MessageDeduplicationId: 'same' });
    await send('a2', 'a');
    await engine.stop();
    engine = await startSpecEngine({ store });
    expect((await send('a3', 'a', { MessageDeduplicationId: 'same' })).MessageId).toBe(first.MessageId);
    await send('a4', 'a');
    expect(await bodies()).toEqual(['a1', 'a2', 'a4']);
  });

  it('never give a message of a group before those sent before it are deleted', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b') }),
      fc.record({ kind: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('delete' as const) }),
      fc.record({ kind: fc.constant('wait' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await engine.call('sqs', 'CreateQueue', { QueueName: 'p.fifo', Attributes: { FifoQueue: 'true' } });
        const own = { QueueUrl: QueueUrl.replace('orders', 'p') };
        const left: Record<string, string[]> = { a: [], b: [] };
        let held: Awaited<ReturnType<typeof receive>> = [];
        for (const each of steps) {
          if (each.kind === 'send') {
            const { MessageId = '' } = await send('m', each.group, own);
            left[each.group]?.push(MessageId);
          } else if (each.kind === 'receive') {
            const got = await receive({ ...own, MaxNumberOfMessages: each.most });
            for (const group of ['a', 'b']) {
              const ids = got
                .filter(({ Attributes }) => Attributes?.MessageGroupId === group)
                .map((one) => one.MessageId);
              expect(ids).toEqual(left[group]?.slice(0, ids.length));
            }
            held = [...held, ...got];
          } else if (each.kind === 'delete') {
            const [message, ...others] = held;
            held = others;
            if (!message) continue;
            const { ReceiptHandle } = message;
            await engine.call('sqs', 'DeleteMessage', { ...own, ReceiptHandle });
            for (const group of ['a', 'b']) left[group] = (left[group] ?? []).filter((id) => id !== message.MessageId);
          } else {
            held = [];
            engine.clock.advance(30_000);
          }
        }
        await engine.call('sqs', 'DeleteQueue', own);
        engine.clock.advance(60_000);
      }),
      { numRuns: 60 },
    );
  });
});
