import type { CreatePipeRequest } from '@aws-sdk/client-pipes';
import type { Service, ServiceName } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const QueueUrl = (name: string): string => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

interface Event {
  readonly messageId: string;
  readonly body: string;
}

const toFunction = { Target: functionArn('f') };
const fifo = { Source: queueArn('from.fifo') };

jest.setTimeout(30_000);
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('a pipe from a queue', () => {
  let engine: SpecEngine;
  let batches: readonly Event[][];
  let answer: (batch: readonly Event[]) => unknown;

  const lambda = {
    name: 'lambda',
    operations: {
      Invoke: {
        requires: () => [],
        handle: ({ Payload }: { Payload: Uint8Array }) => {
          const batch = JSON.parse(Buffer.from(Payload).toString()) as Event[];
          batches = [...batches, batch];
          try {
            return {
              StatusCode: 200,
              Payload: Uint8ArrayBlobAdapter.fromString(JSON.stringify(answer(batch) ?? null)),
            };
          } catch (error) {
            return { FunctionError: 'Unhandled', Payload: Uint8ArrayBlobAdapter.fromString(String(error)) };
          }
        },
      },
    },
  } as unknown as Service<ServiceName>;

  beforeEach(async () => {
    batches = [];
    answer = (batch) => batch;
    engine = await startSpecEngine({ services: [lambda] });
    for (const name of ['dead', 'to']) await engine.call('sqs', 'CreateQueue', { QueueName: name });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 });
    await engine.call('sqs', 'CreateQueue', { QueueName: 'from', Attributes: { RedrivePolicy } });
  });
  afterEach(() => engine.stop());

  const describePipe = () => engine.call('pipes', 'DescribePipe', { Name: 'p' });
  const create = (changes: Partial<CreatePipeRequest> = {}) =>
    engine.call('pipes', 'CreatePipe', {
      Name: 'p',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`,
      Source: queueArn('from'),
      Target: queueArn('to'),
      ...changes,
    });
  const start = async (changes: Partial<CreatePipeRequest> = {}): Promise<void> => {
    await create(changes);
    await eventually(async () => expect((await describePipe()).CurrentState).toBe('RUNNING'));
  };
  const send = (MessageBody: string) => engine.call('sqs', 'SendMessage', { QueueUrl: QueueUrl('from'), MessageBody });
  const received = async (name: string): Promise<string[]> => {
    const input = { QueueUrl: QueueUrl(name), MaxNumberOfMessages: 10 };
    const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', input);
    return Messages.map(({ Body }) => Body ?? '');
  };
  const counts = async (name: string): Promise<number> => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const input = { QueueUrl: QueueUrl(name), AttributeNames: [...AttributeNames] };
    const { Attributes = {} } = await engine.call('sqs', 'GetQueueAttributes', input);
    return AttributeNames.reduce((sum, each) => sum + Number(Attributes[each]), 0);
  };

  it('sends what it takes, and deletes it', async () => {
    await start();
    const { MessageId } = await send('hello');
    let bodies: string[] = [];
    await eventually(async () => {
      bodies = [...bodies, ...(await received('to'))];
      expect(bodies).toHaveLength(1);
    });
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      messageId: MessageId,
      body: 'hello',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn('from'),
      awsRegion: REGION,
    });
    await eventually(async () => expect(await counts('from')).toBe(0));
  });

  it('looks into bodies that are JSON, for filters, templates and paths; what is filtered is deleted', async () => {
    await start({
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"type":["a"]}}' }] },
        SqsQueueParameters: { BatchSize: 5 },
      },
      TargetParameters: { InputTemplate: '{"id": <$.body.id>}' },
    });
    await send('{"type":"b","id":1}');
    await send('{"type":"a","id":2}');
    await eventually(async () => expect(await received('to')).toEqual(['{"id": 2}']));
    await eventually(async () => expect(await counts('from')).toBe(0));
  });

  it('passes a batch through its enrichment', async () => {
    answer = (batch) => batch.map(({ body }) => ({ said: body.toUpperCase() }));
    await start({ Enrichment: functionArn('enrich') });
    await send('hello');
    await eventually(async () => expect(await received('to')).toEqual(['{"said":"HELLO"}']));
  });

  it('tries again after the visibility timeout, and leaves what never works to the redrive policy', async () => {
    answer = () => {
      throw new Error('broken');
    };
    await start({ Target: functionArn('f') });
    await send('poison');
    await eventually(() => expect(batches).toHaveLength(1));
    engine.clock.advance(30_000);
    await eventually(() => expect(batches).toHaveLength(2));
    engine.clock.advance(30_000);
    await eventually(async () => expect(await received('dead')).toEqual(['poison']));
    expect(batches).toHaveLength(2);
  });

  it('keeps the messages that a function names, and no others', async () => {
    answer = (batch) => ({
      batchItemFailures: batch
        .filter(({ body }) => body === 'bad')
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    await start({
      Target: functionArn('f'),
      SourceParameters: { SqsQueueParameters: { BatchSize: 10, MaximumBatchingWindowInSeconds: 1 } },
    });
    await send('bad');
    await send('good');
    await eventually(async () => expect([batches.flat().length >= 2, await counts('from')]).toEqual([true, 1]));
  });

  it('asks what its role may do with the queue', async () => {
    engine.deny((_, { action }) => action === 'sqs:DeleteMessage');
    await create();
    await eventually(async () => expect((await describePipe()).CurrentState).toBe('CREATE_FAILED'));
    expect((await describePipe()).StateReason).toBe(
      `Cannot access queue ${queueArn('from')}. Please ensure the customer role can perform actions on source queue`,
    );
  });

  it('tells its parameters, and changes them', async () => {
    await start();
    expect((await describePipe()).SourceParameters).toEqual({
      SqsQueueParameters: { BatchSize: 10, MaximumBatchingWindowInSeconds: 0 },
    });
    await engine.call('pipes', 'UpdatePipe', {
      Name: 'p',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`,
      SourceParameters: { SqsQueueParameters: { BatchSize: 3 } },
    });
    await eventually(async () => expect((await describePipe()).CurrentState).toBe('RUNNING'));
    expect((await describePipe()).SourceParameters?.SqsQueueParameters?.BatchSize).toBe(3);
  });

  it('delivers what it gathered when the queue can no longer be read', async () => {
    await start({ ...toFunction, SourceParameters: sqs({ BatchSize: 20, MaximumBatchingWindowInSeconds: 2 }) });
    const QueueName = {
      QueueUrl: QueueUrl('from'),
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible' as const],
    };
    await send('first');
    await eventually(async () => {
      const { Attributes = {} } = await engine.call('sqs', 'GetQueueAttributes', QueueName);
      expect(Attributes['ApproximateNumberOfMessagesNotVisible']).toBe('1');
    });
    engine.deny((_, { action }) => action === 'sqs:ReceiveMessage');
    await send('second');
    await eventually(() => expect(batches.flat().map(({ body }) => body)).toContain('first'));
  });

  it('keeps its batches within what a new target takes', async () => {
    const window = sqs({ BatchSize: 20, MaximumBatchingWindowInSeconds: 1 });
    await start({ ...toFunction, SourceParameters: window });
    const update = (changes: object) =>
      engine.call('pipes', 'UpdatePipe', {
        ...{ Name: 'p', RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`, Target: queueArn('to'), ...changes },
      });
    await expect(update({})).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'BatchSize must be between 1 and 10.',
    });
    await update({ SourceParameters: sqs({ BatchSize: 10 }) });
  });

  it.each<[string, Partial<CreatePipeRequest>, string]>([
    ['more messages than the target takes', { SourceParameters: sqs({ BatchSize: 11 }) }, 'between 1 and 10'],
    ['a large batch without a window', { ...toFunction, SourceParameters: sqs({ BatchSize: 11 }) }, 'at least 1'],
    ['a long window', { SourceParameters: sqs({ MaximumBatchingWindowInSeconds: 301 }) }, 'between 0 and 300'],
    ['a window of a FIFO queue', { ...fifo, SourceParameters: sqs({ MaximumBatchingWindowInSeconds: 1 }) }, 'FIFO'],
  ])('refuses %s', async (_, changes, message) => {
    await expect(create(changes)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message) as unknown,
    });
  });
});

function sqs(SqsQueueParameters: object) {
  return { SqsQueueParameters };
}
