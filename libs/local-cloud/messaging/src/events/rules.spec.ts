import { EngineClock, Settings, SqliteStore } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';
import { RULE_DELAY } from './rule-delay';

jest.setTimeout(30_000);

const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/work`;
const target = { Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:work` };
const START = Date.UTC(2026, 0, 1, 12, 0, 30);

/** Patient: every suite of the repository may be running beside this one. */
const eventually = <T>(attempt: () => T): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });

describe('rules of EventBridge', () => {
  let engine: SpecEngine;
  let store: SqliteStore;
  const start = async (): Promise<void> => {
    engine = await startSpecEngine({ store, clock: new EngineClock(0, () => START) });
  };

  beforeEach(async () => {
    store = new SqliteStore(':memory:');
    await start();
    await engine.call('sqs', 'CreateQueue', { QueueName: 'work' });
  });
  afterEach(() => engine.stop());

  /** Bodies of what the queue got since it was last asked. */
  const received = async (): Promise<Record<string, unknown>[]> => {
    const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    for (const { ReceiptHandle } of Messages) await engine.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    return Messages.map(({ Body }) => JSON.parse(Body ?? '{}') as Record<string, unknown>);
  };
  const put = (Source = 'orders') =>
    engine.call('events', 'PutEvents', { Entries: [{ Source, DetailType: 't', Detail: '{}' }] });
  const rule = async (input: object): Promise<void> => {
    await engine.call('events', 'PutRule', { Name: 'rule', ...input });
    await engine.call('events', 'PutTargets', { Rule: 'rule', Targets: [target] });
  };

  it('send their targets a scheduled event at each of their times, over a restart too', async () => {
    await rule({ ScheduleExpression: 'rate(1 minute)' });
    engine.clock.advance(59_000);
    expect(await received()).toEqual([]);
    engine.clock.advance(1_000);
    await eventually(async () =>
      expect(await received()).toEqual([
        {
          version: '0',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account: ACCOUNT,
          time: '2026-01-01T12:01:30Z',
          region: REGION,
          resources: [`arn:aws:events:${REGION}:${ACCOUNT}:rule/rule`],
          detail: {},
        },
      ]),
    );
    await engine.stop();
    await start();
    engine.clock.advance(120_000);
    await eventually(async () => expect(await received()).toHaveLength(1));
    await engine.call('events', 'DisableRule', { Name: 'rule' });
    engine.clock.advance(600_000);
    expect(await received()).toEqual([]);
    expect(await engine.call('events', 'DescribeRule', { Name: 'rule' })).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'DISABLED',
    });
  });

  it('go by cron in UTC', async () => {
    await rule({ ScheduleExpression: 'cron(0 13 ? * THU *)' });
    engine.clock.advance(3_570_000);
    await eventually(async () => expect(await received()).toMatchObject([{ time: '2026-01-01T13:00:00Z' }]));
  });

  it.each([
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
    [{ ScheduleExpression: 'at(2026-01-01T00:00:00)' }, 'Parameter ScheduleExpression is not valid.'],
    [{}, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [
      { EventBusName: 'own', ScheduleExpression: 'rate(1 day)' },
      'ScheduleExpression is supported only on the default event bus.',
    ],
  ])('are refused: %j', async (input, message) => {
    await engine.call('events', 'CreateEventBus', { Name: 'own' });
    await expect(rule(input)).rejects.toMatchObject({ code: 'ValidationException', message });
  });

  it('count at once, or after the delay that is set: until then what was there before does', async () => {
    new Settings(store).set(RULE_DELAY, 10_000);
    await rule({ EventPattern: '{"source":["orders"]}' });
    await put();
    expect(await received()).toEqual([]);

    engine.clock.advance(10_000);
    await put();
    await eventually(async () => expect(await received()).toHaveLength(1));

    await rule({ EventPattern: '{"source":["payments"]}' });
    await put('payments');
    await put('orders');
    await eventually(async () => expect(await received()).toMatchObject([{ source: 'orders' }]));
    engine.clock.advance(10_000);
    await put('payments');
    await put('orders');
    await eventually(async () => expect(await received()).toMatchObject([{ source: 'payments' }]));
  });

  it('say in their requests what policies may ask for', async () => {
    await rule({ EventPattern: '{"source":["orders",{"prefix":"p"}],"detail-type":["t"]}' });
    const Policy = '{"Statement":[]}';
    await engine.call('events', 'PutPermission', { Policy });
    engine.asked.length = 0;
    await rule({ EventPattern: '{"source":["orders"]}' });
    await engine.call('events', 'DeleteRule', { Name: 'none' });
    expect(engine.asked.map(({ requirement }) => requirement)).toMatchObject([
      {
        action: 'events:PutRule',
        resourcePolicy: Policy,
        conditions: { 'events:creatorAccount': ACCOUNT, 'events:source': ['orders'], 'events:detail-type': [] },
      },
      {
        action: 'events:PutTargets',
        conditions: { 'events:creatorAccount': ACCOUNT, 'events:TargetArn': [target.Arn] },
      },
      { action: 'events:DeleteRule', conditions: {} },
    ]);
  });

  it('can’t be deleted from a bus that does not exist, and can where they don’t', async () => {
    await engine.call('events', 'DeleteRule', { Name: 'none' });
    await expect(engine.call('events', 'DeleteRule', { Name: 'none', EventBusName: 'none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Event bus none does not exist.',
    });
  });
});
