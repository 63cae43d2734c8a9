import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../../testing/spec-engine';

jest.setTimeout(30_000);

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const RULE = arn('events', 'rule/orders/created');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/sender`;
const queueUrl = (name: string) => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
/** Patient: every suite of the repository may be running beside this one. */
const eventually = <T>(attempt: () => T): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('targets of rules', () => {
  let engine: SpecEngine;
  let invoked: { readonly FunctionName: string | undefined; readonly event: unknown }[];
  let logged: {
    readonly stream: string | undefined;
    readonly timestamp: number | undefined;
    readonly message: unknown;
  }[];
  let failure: AwsError | undefined;

  beforeEach(async () => {
    [invoked, logged, failure] = [[], [], undefined];
    const lambda: Service<'lambda'> = {
      name: 'lambda',
      operations: {
        Invoke: {
          requires: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName ?? '' }],
          handle: ({ FunctionName, InvocationType, Payload }) => {
            if (failure) throw failure;
            expect(InvocationType).toBe('Event');
            const event: unknown = JSON.parse(Buffer.from(Payload as Uint8Array).toString());
            invoked.push({ FunctionName, event });
            return { StatusCode: 202 };
          },
        },
      },
    };
    const streams = new Set<string>();
    const logs: Service<'logs'> = {
      name: 'logs',
      operations: {
        CreateLogStream: {
          requires: () => [{ action: 'logs:CreateLogStream', resource: '*' }],
          handle: ({ logGroupName, logStreamName }) => {
            if (logGroupName !== '/aws/events/orders') throw new AwsError('ResourceNotFoundException', 'no such group');
            if (streams.has(logStreamName ?? '')) throw new AwsError('ResourceAlreadyExistsException', 'it is there');
            streams.add(logStreamName ?? '');
            return {};
          },
        },
        PutLogEvents: {
          requires: () => [{ action: 'logs:PutLogEvents', resource: '*' }],
          handle: ({ logStreamName, logEvents = [] }) => {
            for (const { timestamp, message } of logEvents) logged.push({ stream: logStreamName, timestamp, message });
            return {};
          },
        },
      },
    };
    engine = await startSpecEngine({ services: [lambda, logs] as unknown as Service<ServiceName>[] });
    await engine.call('events', 'CreateEventBus', { Name: 'orders' });
    await engine.call('events', 'CreateEventBus', { Name: 'archive' });
    for (const QueueName of ['work', 'dead']) await engine.call('sqs', 'CreateQueue', { QueueName });
  });
  afterEach(() => engine.stop());

  const rule = async (target: Partial<Target>, bus = 'orders'): Promise<void> => {
    await engine.call('events', 'PutRule', {
      Name: 'created',
      EventBusName: bus,
      EventPattern: '{"source":["orders"]}',
    });
    const DeadLetterConfig = { Arn: arn('sqs', 'dead') };
    const Targets = [{ Id: 'target', Arn: '', DeadLetterConfig, ...target }];
    await engine.call('events', 'PutTargets', { Rule: 'created', EventBusName: bus, Targets });
  };
  const put = (entry: object = {}) =>
    engine.call('events', 'PutEvents', {
      Entries: [{ EventBusName: 'orders', Source: 'orders', DetailType: 'Created', Detail: '{"id":7}', ...entry }],
    });
  const received = async (name: string) => {
    const QueueUrl = queueUrl(name);
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    return (await engine.call('sqs', 'ReceiveMessage', input)).Messages ?? [];
  };
  const failedBecause = async (code: string): Promise<void> => {
    await eventually(async () => {
      const [dead] = await received('dead');
      expect(dead?.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: code } });
    });
  };
  const askedFor = (action: string) => engine.asked.find(({ requirement }) => requirement.action === action);

  it('are functions, which the rule may invoke by their policy', async () => {
    await rule({
      Arn: arn('lambda', 'function:notify:live'),
      InputTransformer: { InputPathsMap: { id: '$.detail.id' }, InputTemplate: '{"order":<id>}' },
    });
    await put();
    await eventually(() =>
      expect(invoked).toEqual([{ FunctionName: arn('lambda', 'function:notify:live'), event: { order: 7 } }]),
    );
    expect(askedFor('lambda:InvokeFunction')).toMatchObject({
      caller: { kind: 'service', service: 'events.amazonaws.com', sourceArn: RULE },
    });
  });

  it('take input that is no JSON to the dead-letter queue at once, a throttled call later', async () => {
    await rule({ Arn: arn('lambda', 'function:notify') });
    failure = new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 });
    await put();
    await eventually(() =>
      expect(engine.asked.map(({ requirement }) => requirement.action)).toContain('lambda:InvokeFunction'),
    );
    expect(await received('dead')).toEqual([]);
    failure = new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
    engine.clock.advance(10_000);
    await failedBecause('INVALID_JSON');
  });

  it('are FIFO queues, under the group the target names', async () => {
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await engine.call('sqs', 'CreateQueue', { QueueName: 'work.fifo', Attributes });
    await rule({ Arn: arn('sqs', 'work.fifo'), SqsParameters: { MessageGroupId: 'all' } });
    await put();
    await eventually(async () => {
      const QueueUrl = queueUrl('work.fifo');
      const input = { QueueUrl, MessageSystemAttributeNames: ['MessageGroupId' as const] };
      const { Messages } = await engine.call('sqs', 'ReceiveMessage', input);
      expect(Messages).toMatchObject([{ Attributes: { MessageGroupId: 'all' } }]);
    });
  });

  it('are topics: the event is the message', async () => {
    await engine.call('sns', 'CreateTopic', { Name: 'orders' });
    const Endpoint = arn('sqs', 'work');
    const Attributes = { RawMessageDelivery: 'true' };
    await engine.call('sns', 'Subscribe', { TopicArn: arn('sns', 'orders'), Protocol: 'sqs', Endpoint, Attributes });
    await rule({ Arn: arn('sns', 'orders'), InputPath: '$.detail' });
    await put();
    await eventually(async () => expect(await received('work')).toMatchObject([{ Body: '{"id":7}' }]));
    expect(askedFor('sns:Publish')).toMatchObject({ caller: { service: 'events.amazonaws.com', sourceArn: RULE } });
  });

  it('are log groups: an event is a line, at its own time', async () => {
    await rule({ Arn: arn('logs', 'log-group:/aws/events/orders') });
    const Time = new Date(Date.UTC(2026, 0, 31, 12));
    await put({ Time });
    await put({ Time });
    await eventually(() => expect(logged).toHaveLength(2));
    expect(logged[0]).toMatchObject({
      timestamp: Time.getTime(),
      message: expect.stringMatching(/^\{"version":"0",.*"detail":\{"id":7\}\}$/) as string,
    });
    expect(logged[1]?.stream).toBe(logged[0]?.stream);
  });

  it('are log groups that get a timestamp and a message of a transformer', async () => {
    const InputTransformer = {
      InputPathsMap: { time: '$.time', id: '$.detail.id' },
      InputTemplate: '{"timestamp": <time>, "message": "order <id>"}',
    };
    await rule({ Arn: arn('logs', 'log-group:/aws/events/orders'), InputTransformer });
    await put({ Time: new Date(Date.UTC(2026, 0, 31, 12)) });
    await eventually(() =>
      expect(logged).toMatchObject([{ timestamp: Date.UTC(2026, 0, 31, 12), message: 'order 7' }]),
    );
  });

  it('fail when the log group does not exist, as one with `:*` at the end of its ARN', async () => {
    await rule({ Arn: arn('logs', 'log-group:/aws/events/orders:*') });
    await put();
    await failedBecause('NO_RESOURCE');
  });

  it('are other buses, which get the event as it was and pass it to no third', async () => {
    await rule({ Arn: arn('events', 'event-bus/archive'), RoleArn: ROLE });
    await rule({ Arn: arn('events', 'event-bus/default') }, 'archive');
    const PutTargets = (bus: string, queue: string) =>
      engine.call('events', 'PutTargets', {
        Rule: 'created',
        EventBusName: bus,
        Targets: [{ Id: 'queue', Arn: arn('sqs', queue) }],
      });
    await PutTargets('archive', 'work');
    await rule({ Arn: arn('sqs', 'dead') }, 'default');
    await put({ Resources: ['one'], Time: new Date(Date.UTC(2026, 0, 31, 12)) });
    await eventually(async () =>
      expect((await received('work')).map(({ Body }) => JSON.parse(Body ?? '') as unknown)).toEqual([
        {
          version: '0',
          id: expect.any(String) as string,
          'detail-type': 'Created',
          source: 'orders',
          account: ACCOUNT,
          time: '2026-01-31T12:00:00Z',
          region: REGION,
          resources: ['one'],
          detail: { id: 7 },
        },
      ]),
    );
    expect(await received('dead')).toEqual([]);
    const asked = engine.asked.filter(({ requirement }) => requirement.action === 'events:PutEvents').at(-1);
    expect(asked).toMatchObject({
      caller: { roleArn: ROLE },
      requirement: { conditions: { 'events:source': ['orders'] } },
    });
  });

  it('get from the default bus what AWS’s services say there', async () => {
    await engine.call('events', 'PutRule', { Name: 'all', EventPattern: '{"source":["aws.states"]}' });
    const Targets = [{ Id: 'bus', Arn: arn('events', 'event-bus/orders') }];
    await engine.call('events', 'PutTargets', { Rule: 'all', Targets });
    await engine.call('events', 'PutRule', {
      Name: 'all',
      EventBusName: 'orders',
      EventPattern: '{"source":["aws.states"]}',
    });
    const toQueue = { Rule: 'all', EventBusName: 'orders', Targets: [{ Id: 'queue', Arn: arn('sqs', 'work') }] };
    await engine.call('events', 'PutTargets', toQueue);
    const service = 'states.amazonaws.com';
    await engine.call(
      'events',
      'PutEvents',
      { Entries: [{ Source: 'aws.states', DetailType: 't', Detail: '{}' }] },
      { kind: 'service', accountId: ACCOUNT, arn: service, userId: service, service },
    );
    await eventually(async () => expect(await received('work')).toHaveLength(1));
  });

  it('fail when the other bus does not exist, and when nobody lets the rule in', async () => {
    await rule({ Arn: arn('events', 'event-bus/none') });
    await put();
    await failedBecause('NO_RESOURCE');
    await engine.call('sqs', 'PurgeQueue', { QueueUrl: queueUrl('dead') });
    await rule({ Arn: arn('events', 'event-bus/archive') });
    engine.deny(
      (caller, { action, resource }) =>
        action === 'events:PutEvents' && resource.endsWith('archive') && caller.kind === 'root',
    );
    await put();
    await failedBecause('NO_PERMISSIONS');
  });

  it('are called as their role where they have one, which whoever puts them may pass', async () => {
    await rule({ Arn: arn('sqs', 'work'), RoleArn: ROLE });
    await put();
    await eventually(async () => expect(await received('work')).toHaveLength(1));
    expect(askedFor('iam:PassRole')?.requirement).toEqual({
      action: 'iam:PassRole',
      resource: ROLE,
      conditions: { 'iam:PassedToService': 'events.amazonaws.com' },
    });
    expect(askedFor('sqs:SendMessage')).toMatchObject({ caller: { kind: 'role', roleArn: ROLE, sourceArn: RULE } });
  });

  it.each<[string, Partial<Target>, string, string]>([
    ['other services', { Arn: arn('kinesis', 'stream/s') }, 'UnsupportedOperation', 'targets of kinesis'],
    ['FIFO topics', { Arn: arn('sns', 'orders.fifo') }, 'UnsupportedOperation', 'FIFO topics'],
    [
      'a constant for another bus',
      { Arn: arn('events', 'event-bus/archive'), Input: '{}' },
      'ValidationException',
      'not supported for target target, an event bus',
    ],
    [
      'a constant for a log group',
      { Arn: arn('logs', 'log-group:/aws/events/orders'), Input: '{}' },
      'ValidationException',
      'not supported for target target, a log group',
    ],
    [
      'a role for a log group',
      { Arn: arn('logs', 'log-group:/aws/events/orders'), RoleArn: ROLE },
      'ValidationException',
      `RoleArn is not supported for target ${arn('logs', 'log-group:/aws/events/orders')}.`,
    ],
    [
      'lines that are no timestamp and message',
      { Arn: arn('logs', 'log-group:/aws/events/orders'), InputTransformer: { InputTemplate: '"<aws.events.event>"' } },
      'ValidationException',
      'A log group takes {"timestamp": <time>, "message": <message>}.',
    ],
  ])('are refused: %s', async (_, target, code, message) => {
    await expect(rule(target)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});
