import { EngineClock, type InputOf } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const busArn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;

describe('what a schedule hands its target', () => {
  let engine: SpecEngine;

  beforeEach(async () => {
    engine = await startSpecEngine({ clock: new EngineClock(0, () => Date.UTC(2026, 0, 1, 12)) });
    for (const QueueName of ['work', 'dlq']) await engine.call('sqs', 'CreateQueue', { QueueName });
  });
  afterEach(() => engine.stop());

  const invoke = async (target: Partial<InputOf<'scheduler', 'CreateSchedule'>['Target']>): Promise<void> => {
    await engine.call('scheduler', 'CreateSchedule', {
      Name: 'once',
      ScheduleExpression: 'at(2026-01-01T12:05:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: queueArn('work'),
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/schedule`,
        DeadLetterConfig: { Arn: queueArn('dlq') },
        ...target,
      },
    });
    engine.clock.advance(300_000);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  };
  const received = async (queue: string) => {
    const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/${queue}`;
    const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
    });
    return Messages;
  };

  it('is a default notification when it has no input', async () => {
    await invoke({});
    const [message] = await received('work');
    expect(JSON.parse(message?.Body ?? '')).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: ACCOUNT,
      time: '2026-01-01T12:05:00Z',
      region: REGION,
      resources: [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/once`],
      detail: '{}',
    });
  });

  it('is any text for a queue', async () => {
    await invoke({ Input: 'at <aws.scheduler.scheduled-time>' });
    expect(await received('work')).toMatchObject([{ Body: 'at 2026-01-01T12:05:00Z' }]);
  });

  it('goes to the dead-letter queue when the bus takes the call and refuses the event', async () => {
    const EventBridgeParameters = { DetailType: 'Tick', Source: 'clock' };
    await invoke({ Arn: busArn, EventBridgeParameters, Input: '["no object"]' });
    expect(await received('dlq')).toMatchObject([
      { Body: '["no object"]', MessageAttributes: { ERROR_CODE: { StringValue: 'MalformedDetail' } } },
    ]);
  });

  it.each([
    ['a function', { Arn: functionArn }],
    ['a bus', { Arn: busArn, EventBridgeParameters: { DetailType: 'Tick', Source: 'clock' } }],
  ])('must be JSON for %s', async (_, target) => {
    await expect(invoke({ ...target, Input: 'hello' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('well-formed JSON'),
    });
  });
});
