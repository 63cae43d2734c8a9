import type { Target } from '@aws-sdk/client-eventbridge';
import { SqliteStore } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const busArn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/orders`;
const ruleArn = `arn:aws:events:${REGION}:${ACCOUNT}:rule/orders/created`;

jest.setTimeout(30_000);

/** Patient: every suite of the repository may be running beside this one. */
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('EventBridge', () => {
  let engine: SpecEngine;

  beforeEach(async () => {
    engine = await startSpecEngine();
  });
  afterEach(() => engine.stop());

  const queueUrl = (name: string): string => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
  const messages = async (name: string) =>
    (
      await engine.call('sqs', 'ReceiveMessage', {
        QueueUrl: queueUrl(name),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      })
    ).Messages ?? [];
  const put = async (...entries: object[]) =>
    engine.call('events', 'PutEvents', {
      Entries: entries.map((entry) => ({
        EventBusName: 'orders',
        Source: 'orders',
        DetailType: 'OrderCreated',
        Detail: '{}',
        ...entry,
      })),
    });

  /** A bus `orders` with a rule `created` on `detail.type` and one queue target. */
  const setUp = async (target: Partial<Target> = {}): Promise<void> => {
    await engine.call('events', 'CreateEventBus', { Name: 'orders' });
    for (const QueueName of ['fulfilment', 'fulfilment-dlq']) await engine.call('sqs', 'CreateQueue', { QueueName });
    const EventPattern = JSON.stringify({ source: ['orders'], detail: { type: [{ prefix: 'Order' }] } });
    await engine.call('events', 'PutRule', { Name: 'created', EventBusName: 'orders', EventPattern });
    await engine.call('events', 'PutTargets', {
      Rule: 'created',
      EventBusName: 'orders',
      Targets: [{ Id: 'queue', Arn: queueArn('fulfilment'), ...target }],
    });
  };

  it('has a default bus, as old as the first who asked for it', async () => {
    const asked = engine.clock.now();
    const first = await engine.call('events', 'DescribeEventBus', {});
    expect(first.CreationTime?.getTime()).toBeGreaterThanOrEqual(asked);
    engine.clock.advance(1000);
    expect(await engine.call('events', 'DescribeEventBus', {})).toEqual(first);
    expect((await engine.call('events', 'ListEventBuses', {})).EventBuses).toEqual([first]);
  });

  it('delivers a matching event to the queue as EventBridge, for the rule', async () => {
    await setUp();
    engine.asked.length = 0;
    const time = new Date('2026-01-31T12:00:00.789Z');
    const detail = '{ "type": "OrderCreated", "total": 1.50, "big": 12345678901234567890 }';
    const { Entries } = await put({ Detail: detail, Time: time, Resources: ['r'] }, { Detail: '{"type":"Other"}' });
    const received = await messages('fulfilment');
    expect(received.map(({ Body }) => Body)).toEqual([
      `{"version":"0","id":"${Entries?.[0]?.EventId}","detail-type":"OrderCreated","source":"orders","account":"${ACCOUNT}",` +
        `"time":"2026-01-31T12:00:00Z","region":"${REGION}","resources":["r"],` +
        `"detail":{"type":"OrderCreated","total":1.50,"big":12345678901234567890}}`,
    ]);
    expect(engine.asked).toContainEqual({
      caller: expect.objectContaining({ kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn }),
      requirement: expect.objectContaining({ action: 'sqs:SendMessage', resource: queueArn('fulfilment') }),
    });
  });

  it('refuses entries one by one and takes the others', async () => {
    await setUp();
    const result = await put(
      { Source: '' },
      { DetailType: undefined },
      { Detail: '[]' },
      { Detail: '{"a":' },
      { Source: 'aws.s3' },
      { Detail: '{"type":"OrderCreated"}' },
    );
    expect(result.FailedEntryCount).toBe(5);
    expect(result.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      undefined,
    ]);
    expect(await messages('fulfilment')).toHaveLength(1);
    await expect(put(...Array.from({ length: 11 }, () => ({})))).rejects.toThrow('length less than or equal to 10');
    await expect(put({ Detail: `{"x":"${'x'.repeat(1_048_576)}"}` })).rejects.toThrow('over the limit');
  });

  it('asks for PutEvents on the bus, under its policy, with every source', async () => {
    await setUp();
    await engine.call('events', 'PutPermission', { EventBusName: 'orders', Policy: '{"Statement":[]}' });
    engine.asked.length = 0;
    await put({ Source: 'a' }, { Source: 'b' });
    expect(engine.asked.map(({ requirement }) => requirement)).toEqual([
      {
        action: 'events:PutEvents',
        resource: busArn,
        resourcePolicy: '{"Statement":[]}',
        conditions: {
          'events:source': ['a', 'b'],
          'events:detail-type': ['OrderCreated', 'OrderCreated'],
          'events:eventBusInvocation': 'false',
        },
      },
    ]);
    await engine.call('events', 'RemovePermission', { EventBusName: 'orders', RemoveAllPermissions: true });
    expect((await engine.call('events', 'DescribeEventBus', { Name: 'orders' })).Policy).toBeUndefined();
  });

  it.each<[string, Partial<Target>, string]>([
    ['a constant', { Input: '{"a":1}' }, '{"a":1}'],
    ['a part', { InputPath: '$.detail.items[0]' }, '{"sku":"a b"}'],
    [
      'a transformed object',
      {
        InputTransformer: {
          InputPathsMap: { type: '$.detail.type', first: '$.detail.items[0]', none: '$.detail.none' },
          InputTemplate:
            '{ "type": <type>, "said": "<type>!", "first": <first>, "none": "<none>", "rule": <aws.events.rule-name> }',
        },
      },
      '{"type":"OrderCreated","said":"OrderCreated!","first":{"sku":"a b"},"none":"","rule":"created"}',
    ],
    [
      'a transformed text',
      { InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '"number <n>"' } },
      '"number 7"',
    ],
    [
      'nothing for paths that are none',
      { InputTransformer: { InputPathsMap: { n: '$.detail[?(@.n)]', m: 'detail' }, InputTemplate: '"number <n><m>"' } },
      '"number "',
    ],
  ])('gives a target %s', async (_, target, expected) => {
    await setUp(target);
    await put({ Detail: '{"type":"OrderCreated","items":[{"sku":"a b"}],"n":7}' });
    expect((await messages('fulfilment')).map(({ Body }) => Body)).toEqual([expected]);
  });

  it.each([
    ['a list', '["a"]'],
    ['what no message can hold', '"\\u001b"'],
    ['much', `"\\"${'x'.repeat(600_000)}"`],
  ])('sends an event whose transformed input is not valid JSON to the dead-letter queue: %s', async (_, items) => {
    await setUp({
      DeadLetterConfig: { Arn: queueArn('fulfilment-dlq') },
      InputTransformer: { InputPathsMap: { items: '$.detail.items' }, InputTemplate: '{"items":"<items>"}' },
    });
    await put({ Detail: `{"type":"OrderCreated","items":${items}}` });
    await eventually(async () => {
      const [dead] = await messages('fulfilment-dlq');
      expect(dead?.MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'INVALID_JSON' },
        RETRY_ATTEMPTS: { StringValue: '0' },
      });
    });
    expect(await messages('fulfilment')).toEqual([]);
  });

  it('sends what it may not deliver to the dead-letter queue at once', async () => {
    await setUp({ DeadLetterConfig: { Arn: queueArn('fulfilment-dlq') } });
    engine.deny((caller, { resource }) => caller.kind === 'service' && resource === queueArn('fulfilment'));
    await put({ Detail: '{"type":"OrderCreated"}' });
    await eventually(async () => {
      const [dead] = await messages('fulfilment-dlq');
      expect(JSON.parse(dead?.Body ?? '{}')).toMatchObject({ version: '0', detail: { type: 'OrderCreated' } });
      expect(dead?.MessageAttributes).toMatchObject({
        RULE_ARN: { StringValue: ruleArn },
        TARGET_ARN: { StringValue: queueArn('fulfilment') },
        ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
        ERROR_MESSAGE: { StringValue: 'User: events.amazonaws.com is not authorized to perform: sqs:SendMessage' },
        RETRY_ATTEMPTS: { StringValue: '0' },
      });
      expect(dead?.MessageAttributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
    });
  });

  it('sends what has no queue any more to the dead-letter queue at once', async () => {
    await setUp({ DeadLetterConfig: { Arn: queueArn('fulfilment-dlq') } });
    await engine.call('sqs', 'DeleteQueue', { QueueUrl: queueUrl('fulfilment') });
    engine.deny(
      (caller, { resourcePolicy, resource }) =>
        caller.kind === 'service' && resource === queueArn('fulfilment') && !resourcePolicy,
    );
    await put({ Detail: '{"type":"OrderCreated"}' });
    await eventually(async () => {
      const [dead] = await messages('fulfilment-dlq');
      expect(dead?.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: 'NO_RESOURCE' } });
    });
  });

  it('retries what failed until its policy ends it', async () => {
    await setUp({
      DeadLetterConfig: { Arn: queueArn('fulfilment-dlq') },
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
    });
    // Larger than the queue takes: an error that is neither permission nor resource.
    const QueueUrl = queueUrl('fulfilment');
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '1024' } });
    await put({ Detail: `{"type":"OrderCreated","x":"${'x'.repeat(1024)}"}` });
    await eventually(async () => {
      engine.clock.advance(5_000);
      const [dead] = await messages('fulfilment-dlq');
      expect(dead?.MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'SDK_CLIENT_ERROR' },
        RETRY_ATTEMPTS: { StringValue: '2' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      });
    });
  });

  it('delivers after a restart what it had accepted before', async () => {
    const store = new SqliteStore(':memory:');
    await engine.stop();
    engine = await startSpecEngine({ store });
    await setUp();
    const QueueUrl = queueUrl('fulfilment');
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '1024' } });
    await put({ Detail: `{"type":"OrderCreated","x":"${'x'.repeat(1024)}"}` });
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '262144' } });
    await engine.stop();
    engine = await startSpecEngine({ store });
    await eventually(async () => {
      engine.clock.advance(1_000);
      expect(await messages('fulfilment')).toHaveLength(1);
    });
  });

  it('answers rules, targets and archives as they were put', async () => {
    await setUp({ RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 } });
    expect(await engine.call('events', 'DescribeRule', { Name: 'created', EventBusName: 'orders' })).toMatchObject({
      Arn: ruleArn,
      State: 'ENABLED',
      EventBusName: 'orders',
    });
    const { Targets } = await engine.call('events', 'ListTargetsByRule', { Rule: 'created', EventBusName: 'orders' });
    expect(Targets).toEqual([
      {
        Id: 'queue',
        Arn: queueArn('fulfilment'),
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
      },
    ]);
    await expect(engine.call('events', 'DeleteRule', { Name: 'created', EventBusName: 'orders' })).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
    await expect(engine.call('events', 'DeleteEventBus', { Name: 'orders' })).rejects.toThrow('has rules');
    await engine.call('events', 'RemoveTargets', { Rule: 'created', EventBusName: 'orders', Ids: ['queue'] });
    await engine.call('events', 'DeleteRule', { Name: 'created', EventBusName: 'orders' });
    await engine.call('events', 'DeleteEventBus', { Name: 'orders' });
    await expect(engine.call('events', 'DescribeEventBus', { Name: 'orders' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Event bus orders does not exist.',
    });
  });

  it('archives every event once and replays a range of them, marked', async () => {
    await setUp();
    await engine.call('events', 'CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn, RetentionDays: 0 });
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));
    const Detail = '{"type":"OrderCreated"}';
    await put({ Time: at(0), Detail }, { Time: at(1), Detail }, { Time: at(2), Detail });
    expect(await messages('fulfilment')).toHaveLength(3);

    const start = {
      ReplayName: 'again',
      EventSourceArn: `arn:aws:events:${REGION}:${ACCOUNT}:archive/all`,
      EventStartTime: at(1),
      EventEndTime: at(2),
      Destination: { Arn: busArn },
    };
    await engine.call('events', 'StartReplay', start);
    await eventually(async () => {
      const replay = await engine.call('events', 'DescribeReplay', { ReplayName: 'again' });
      expect(replay).toMatchObject({ State: 'COMPLETED', EventLastReplayedTime: at(1) });
    });
    const replayed = (await messages('fulfilment')).map(({ Body }) => JSON.parse(Body ?? '{}') as object);
    expect(replayed).toMatchObject([{ time: '2026-01-01T12:01:00Z', 'replay-name': 'again' }]);
    expect(await engine.call('events', 'DescribeArchive', { ArchiveName: 'all' })).toMatchObject({
      EventCount: 3,
      RetentionDays: 0,
      State: 'ENABLED',
    });
    await expect(engine.call('events', 'StartReplay', start)).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await engine.call('events', 'CreateEventBus', { Name: 'ordersx' });
    await expect(
      engine.call('events', 'StartReplay', { ...start, ReplayName: 'other', Destination: { Arn: `${busArn}x` } }),
    ).rejects.toThrow('Cross event bus replay is not permitted.');
  });

  it('archives everything again once an archive’s pattern is taken away', async () => {
    await engine.call('events', 'CreateEventBus', { Name: 'orders' });
    const archive = { ArchiveName: 'some', EventPattern: '{"source":["payments"]}' };
    await engine.call('events', 'CreateArchive', { ...archive, EventSourceArn: busArn });
    await put({});
    await engine.call('events', 'UpdateArchive', { ArchiveName: 'some', EventPattern: '' });
    await put({});
    const described = await engine.call('events', 'DescribeArchive', { ArchiveName: 'some' });
    expect(described).toMatchObject({ EventCount: 1 });
    expect(described.EventPattern).toBeUndefined();
  });

  it('tests patterns', async () => {
    const event = {
      id: '1',
      source: 's',
      'detail-type': 't',
      account: ACCOUNT,
      region: REGION,
      time: '2026-01-01T00:00:00Z',
    };
    const test = (EventPattern: string, Event: string) =>
      engine.call('events', 'TestEventPattern', { EventPattern, Event });
    expect(await test('{"source":["s"]}', JSON.stringify(event))).toEqual({ Result: true });
    await expect(test('{"source":["s"]}', '"text"')).rejects.toThrow('Parameter Event is not valid.');
    await expect(test('{"source":"s"}', JSON.stringify(event))).rejects.toMatchObject({
      code: 'InvalidEventPatternException',
    });
  });
});
