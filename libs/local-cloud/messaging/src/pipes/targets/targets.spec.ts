import type { CreatePipeRequest } from '@aws-sdk/client-pipes';
import { AwsError, type InputOf, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../../testing/spec-engine';

jest.setTimeout(30_000);

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const STREAM = arn('dynamodb', 'table/orders/stream/2026-01-01T00:00:00.000');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/pipe`;
const queueUrl = (name: string) => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('targets of pipes', () => {
  let engine: SpecEngine;
  let ids: string[];
  let invoked: { readonly type: string | undefined; readonly ids: string[] }[];
  let answer: () => unknown;
  let logged: InputOf<'logs', 'PutLogEvents'>[];

  beforeEach(async () => {
    [ids, invoked, answer, logged] = [[], [], () => null, []];
    const open = () => [{ action: 'any:Action', resource: '*' }];
    const streams: Service<'dynamodbstreams'> = {
      name: 'dynamodbstreams',
      operations: {
        DescribeStream: { requires: open, handle: () => ({ StreamDescription: { Shards: [{ ShardId: 'shard-1' }] } }) },
        GetShardIterator: {
          requires: open,
          handle: ({ SequenceNumber }) => ({ ShardIterator: SequenceNumber ?? '0' }),
        },
        GetRecords: {
          requires: open,
          handle: ({ ShardIterator }) => ({
            Records: ids.slice(Number(ShardIterator)).map((id, index) => ({
              eventID: `e-${id}`,
              eventName: 'INSERT',
              dynamodb: {
                ApproximateCreationDateTime: new Date(),
                Keys: { pk: { S: id } },
                SequenceNumber: String(Number(ShardIterator) + index + 1),
              },
            })),
            NextShardIterator: String(ids.length),
          }),
        },
      },
    };
    const lambda: Service<'lambda'> = {
      name: 'lambda',
      operations: {
        Invoke: {
          requires: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName ?? '' }],
          handle: ({ InvocationType: type, Payload }) => {
            const batch = JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as { readonly id: string }[];
            invoked.push({ type, ids: batch.map(({ id }) => id) });
            const value = answer();
            if (value instanceof AwsError) throw value;
            return { StatusCode: 200, Payload: Uint8ArrayBlobAdapter.fromString(JSON.stringify(value)) };
          },
        },
      },
    };
    const logStreams = new Set<string>();
    const logs: Service<'logs'> = {
      name: 'logs',
      operations: {
        CreateLogStream: {
          requires: ({ logGroupName }) => [{ action: 'logs:CreateLogStream', resource: logGroupName ?? '' }],
          handle: ({ logStreamName = '' }) => {
            if (logStreams.has(logStreamName)) throw new AwsError('ResourceAlreadyExistsException', 'it is there');
            logStreams.add(logStreamName);
            return {};
          },
        },
        PutLogEvents: {
          requires: ({ logGroupName }) => [{ action: 'logs:PutLogEvents', resource: logGroupName ?? '' }],
          handle: (input) => {
            logged.push(input);
            return {};
          },
        },
      },
    };
    engine = await startSpecEngine({ services: [streams, lambda, logs] as unknown as Service<ServiceName>[] });
    for (const QueueName of ['work', 'dead']) await engine.call('sqs', 'CreateQueue', { QueueName });
  });
  afterEach(() => engine.stop());

  const create = (Target: string, TargetParameters: CreatePipeRequest['TargetParameters'] = {}, more: object = {}) =>
    engine.call('pipes', 'CreatePipe', {
      Name: 'pipe',
      RoleArn: ROLE,
      Source: STREAM,
      SourceParameters: {
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          MaximumRetryAttempts: 1,
          DeadLetterConfig: { Arn: arn('sqs', 'dead') },
          ...more,
        },
      },
      Target,
      TargetParameters: { InputTemplate: '{"id": <$.dynamodb.Keys.pk.S>}', ...TargetParameters },
    });
  const write = (...added: string[]): void => {
    ids.push(...added);
    engine.signals.notify(STREAM);
  };
  const received = async (name: string) => {
    const input = { QueueUrl: queueUrl(name), MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
    return (await engine.call('sqs', 'ReceiveMessage', input)).Messages ?? [];
  };
  const askedFor = (action: string) => engine.asked.find(({ requirement }) => requirement.action === action);

  it('are queues: a message per event, as the pipe’s role', async () => {
    await create(arn('sqs', 'work'));
    write('a', 'b');
    await eventually(async () =>
      expect((await received('work')).map(({ Body }) => Body)).toEqual(['{"id": "a"}', '{"id": "b"}']),
    );
    expect(askedFor('sqs:SendMessage')).toMatchObject({
      caller: { roleArn: ROLE },
      requirement: { resource: arn('sqs', 'work') },
    });
  });

  it('are FIFO queues, by group and deduplication id of the event', async () => {
    await engine.call('sqs', 'CreateQueue', { QueueName: 'work.fifo', Attributes: { FifoQueue: 'true' } });
    const SqsQueueParameters = { MessageGroupId: '$.dynamodb.Keys.pk.S', MessageDeduplicationId: '$.eventID' };
    await create(arn('sqs', 'work.fifo'), { SqsQueueParameters });
    write('a');
    await eventually(async () =>
      expect(await received('work.fifo')).toMatchObject([
        { Attributes: { MessageGroupId: 'a', MessageDeduplicationId: 'e-a' } },
      ]),
    );
  });

  it('take again only what a queue did not take', async () => {
    const QueueUrl = queueUrl('work');
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '1024' } });
    await create(arn('sqs', 'work'));
    write('a', 'x'.repeat(1024), 'b');
    await eventually(async () => expect(await received('dead')).toHaveLength(1));
    expect((await received('work')).map(({ Body }) => Body)).toEqual(['{"id": "a"}', '{"id": "b"}']);
  });

  it('are topics: a notification per event', async () => {
    const TopicArn = arn('sns', 'orders');
    await engine.call('sns', 'CreateTopic', { Name: 'orders' });
    const Attributes = { RawMessageDelivery: 'true' };
    await engine.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', 'work'), Attributes });
    await create(TopicArn);
    write('a');
    await eventually(async () => expect(await received('work')).toMatchObject([{ Body: '{"id": "a"}' }]));
    expect(askedFor('sns:Publish')).toMatchObject({ caller: { roleArn: ROLE } });
  });

  it('are functions: the batch in one call, waited for', async () => {
    await create(arn('lambda', 'function:work'), {}, { BatchSize: 3 });
    write('a', 'b', 'c', 'd');
    await eventually(() =>
      expect(invoked).toEqual([
        { type: 'RequestResponse', ids: ['a', 'b', 'c'] },
        { type: 'RequestResponse', ids: ['d'] },
      ]),
    );
  });

  it('are functions that aren’t waited for, where the pipe says so', async () => {
    const LambdaFunctionParameters = { InvocationType: 'FIRE_AND_FORGET' as const };
    await create(arn('lambda', 'function:work'), { LambdaFunctionParameters });
    write('a');
    await eventually(() => expect(invoked).toEqual([{ type: 'Event', ids: ['a'] }]));
  });

  // EventBridge guide, "Partial batch failure": by the event's own id.
  it('are functions that may say what failed', async () => {
    answer = () =>
      invoked.length === 1 ? { batchItemFailures: [{ itemIdentifier: 'e-b' }] } : { batchItemFailures: [] };
    await create(arn('lambda', 'function:work'));
    write('a', 'b', 'c');
    await eventually(() => expect(invoked.map((one) => one.ids)).toEqual([['a', 'b', 'c'], ['b']]));
    expect(await received('dead')).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['names a stranger', () => ({ batchItemFailures: [{ itemIdentifier: 'nobody' }] })],
    ['can’t be called', () => new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 })],
  ])('dead-letter a batch that a function fails which %s', async (_, value) => {
    answer = value;
    await create(arn('lambda', 'function:work'));
    write('a', 'b');
    await eventually(async () => {
      engine.clock.advance(1_000);
      expect(await received('dead')).toHaveLength(1);
    });
    expect(invoked.map((one) => one.ids)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('may be changed for another kind, whose parameters then count', async () => {
    await create(arn('sqs', 'work'), { SqsQueueParameters: { MessageGroupId: 'tenant' } });
    await eventually(async () => {
      const Target = arn('lambda', 'function:work');
      await engine.call('pipes', 'UpdatePipe', { Name: 'pipe', RoleArn: ROLE, Target });
    });
    const described = await engine.call('pipes', 'DescribePipe', { Name: 'pipe' });
    expect(described.TargetParameters).toEqual({ InputTemplate: '{"id": <$.dynamodb.Keys.pk.S>}' });
    await eventually(async () => {
      const { CurrentState } = await engine.call('pipes', 'DescribePipe', { Name: 'pipe' });
      expect(CurrentState).toBe('RUNNING');
    });
    write('a');
    await eventually(() => expect(invoked).toHaveLength(1));
  });

  it('are log groups: an event to a line, at the time and in the stream that it says', async () => {
    const group = arn('logs', 'log-group:/shop/events');
    const CloudWatchLogsParameters = {
      LogStreamName: '$.dynamodb.Keys.pk.S',
      Timestamp: '$.dynamodb.SequenceNumber',
    };
    await create(group, { CloudWatchLogsParameters });
    write('a', 'b');
    await eventually(() => expect(logged).toHaveLength(2));
    write('a');
    await eventually(() => expect(logged).toHaveLength(3));
    expect(logged.map(({ logGroupName, logStreamName }) => [logGroupName, logStreamName])).toEqual([
      ['/shop/events', 'a'],
      ['/shop/events', 'b'],
      ['/shop/events', 'a'],
    ]);
    const [event] = logged[0]?.logEvents ?? [];
    expect(event).toEqual({ message: '{"id": "a"}', timestamp: 1 });
    expect(askedFor('logs:PutLogEvents')).toMatchObject({ caller: { roleArn: ROLE } });
  });

  it('are log groups without a stream of one’s own, too; what the group refuses fails the batch', async () => {
    await create(arn('logs', 'log-group:/shop/events:*'));
    write('a');
    await eventually(() => expect(logged).toMatchObject([{ logGroupName: '/shop/events', logStreamName: 'pipe' }]));
    engine.deny((_caller, { action }) => action === 'logs:PutLogEvents');
    write('b');
    await eventually(async () => expect(await received('dead')).toHaveLength(1));
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a batch a queue doesn’t take',
      () => create(arn('sqs', 'work'), {}, { BatchSize: 11 }),
      'BatchSize must be between 1 and 10.',
    ],
    [
      'a FIFO queue without a group',
      () => create(arn('sqs', 'work.fifo')),
      'MessageGroupId is required for a FIFO queue.',
    ],
  ])('are refused: %s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });
});
