import { AwsError, EngineClock, type InputOf, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { ROOT, specEngine } from '@outbox/local-cloud-testing';
import { createScheduler } from './index';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:sweeper';
const roleArn = 'arn:aws:iam::000000000000:role/schedule';

describe('EventBridge Scheduler', () => {
  let clock: EngineClock;
  let call: ReturnType<typeof specEngine>['call'];
  let module: ReturnType<typeof createScheduler>;
  let assumed: { role: string; sourceArn: string | undefined }[];
  let invocations: { arn: string | undefined; type: string | undefined; payload: unknown }[];
  let deadLetters: InputOf<'sqs', 'SendMessage'>[];
  let events: NonNullable<InputOf<'events', 'PutEvents'>['Entries']>;
  let failure: AwsError | undefined;
  let trusts: boolean;

  beforeEach(async () => {
    assumed = [];
    invocations = [];
    deadLetters = [];
    events = [];
    failure = undefined;
    trusts = true;
    clock = new EngineClock(0, () => Date.UTC(2026, 0, 1));
    const lambda: Service<'lambda'> = {
      name: 'lambda',
      operations: {
        Invoke: {
          requires: () => [],
          handle: (input: InputOf<'lambda', 'Invoke'>) => {
            if (failure) throw failure;
            const payload: unknown = JSON.parse(new TextDecoder().decode(input.Payload as Uint8Array));
            invocations.push({ arn: input.FunctionName, type: input.InvocationType, payload });
            return { StatusCode: 202 };
          },
        },
      },
    };
    const sqs: Service<'sqs'> = {
      name: 'sqs',
      operations: {
        SendMessage: {
          requires: () => [],
          handle: (input: InputOf<'sqs', 'SendMessage'>) => {
            deadLetters.push(input);
            return {};
          },
        },
      },
    };
    const bus: Service<'events'> = {
      name: 'events',
      operations: {
        PutEvents: {
          requires: () => [],
          handle: (input: InputOf<'events', 'PutEvents'>) => {
            events.push(...(input.Entries ?? []));
            return {};
          },
        },
      },
    };
    ({ call, module } = specEngine(createScheduler, {
      clock,
      origin: 'http://127.0.0.1:1',
      services: [bus, lambda, sqs] as Service<ServiceName>[],
      identity: {
        assumeRole: (role, _service, _session, sourceArn) => {
          if (!trusts) throw new AwsError('AccessDenied', 'not trusted', { status: 403 });
          assumed.push({ role, sourceArn });
          return { caller: ROOT, credentials: { accessKeyId: 'a', secretAccessKey: 's' } };
        },
      },
    }));
    await module.start?.();
  });

  afterEach(async () => {
    await module.stop?.();
    clock.stop();
  });

  it('invokes the target at once and at its rate, as the schedule’s role acting for the group, with the scheduled time filled in', async () => {
    await create();
    clock.advance(0);
    await settled();
    clock.advance(59_000);
    await settled();
    expect(invocations).toHaveLength(1);

    clock.advance(1_000);
    await settled();
    clock.advance(60_000);
    await settled();

    expect(invocations).toEqual([
      { arn: functionArn, type: 'Event', payload: { now: '2026-01-01T00:00:00Z' } },
      { arn: functionArn, type: 'Event', payload: { now: '2026-01-01T00:01:00Z' } },
      { arn: functionArn, type: 'Event', payload: { now: '2026-01-01T00:02:00Z' } },
    ]);
    expect(assumed[0]).toEqual({
      role: roleArn,
      sourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/outbox',
    });
  });

  it('invokes a one-time schedule once, and deletes it afterwards when told to', async () => {
    await create({ ScheduleExpression: 'at(2026-01-01T00:05:00)', ActionAfterCompletion: 'DELETE' });
    await passTo('2026-01-01T00:30:00Z');
    expect(invokedAt()).toEqual(['2026-01-01T00:05:00Z']);
    await expect(call('scheduler', 'GetSchedule', { Name: 'sweep', GroupName: 'outbox' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('invokes within its flexible window, and tells the time it was scheduled for', async () => {
    await create({
      ScheduleExpression: 'at(2026-01-01T01:00:00)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    });
    await passTo('2026-01-01T00:59:59Z');
    expect(invocations).toEqual([]);
    await passTo('2026-01-01T01:15:00Z');
    expect(invocations).toHaveLength(1);
  });

  it('lets one invocation stand for all that a jump of the clock passed over', async () => {
    await create({ StartDate: new Date('2026-01-01T00:01:00Z') });
    clock.advance(3_600_000);
    await settled();
    clock.advance(0);
    await settled();
    expect(invokedAt()).toEqual(['2026-01-01T01:00:00Z']);
  });

  it('sends to a queue and puts on a bus', async () => {
    await create({ Target: { ...target(), Arn: 'arn:aws:sqs:us-east-1:000000000000:work' } });
    await passTo('2026-01-01T00:00:01Z');
    expect(deadLetters).toEqual([
      { QueueUrl: 'http://127.0.0.1:1/000000000000/work', MessageBody: '{"now":"2026-01-01T00:00:00Z"}' },
    ]);
    const EventBridgeParameters = { DetailType: 'Tick', Source: 'clock' };
    const Arn = 'arn:aws:events:us-east-1:000000000000:event-bus/orders';
    await call('scheduler', 'CreateSchedule', {
      ...settings(),
      Name: 'tick',
      Target: { ...target(), Arn, EventBridgeParameters },
    });
    await passTo('2026-01-01T00:00:02Z');
    expect(events).toEqual([
      { EventBusName: Arn, DetailType: 'Tick', Source: 'clock', Detail: '{"now":"2026-01-01T00:00:01Z"}' },
    ]);
  });

  it('answers a repeated CreateSchedule by its client token, and pages its listings', async () => {
    await create({ ClientToken: 'once' });
    const again = { ...settings(), ClientToken: 'once' };
    expect(await call('scheduler', 'CreateSchedule', again)).toHaveProperty('ScheduleArn');
    await expect(call('scheduler', 'CreateSchedule', { ...again, ClientToken: 'twice' })).rejects.toMatchObject({
      code: 'ConflictException',
    });
    await call('scheduler', 'CreateSchedule', { ...settings(), Name: 'sweep-2' });
    const first = await call('scheduler', 'ListSchedules', { NamePrefix: 'sw', MaxResults: 1 });
    const second = await call('scheduler', 'ListSchedules', { NextToken: first.NextToken });
    expect([first, second].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).toEqual([
      ['sweep'],
      ['sweep-2'],
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it('stops when disabled and is gone when deleted', async () => {
    await create();
    await call('scheduler', 'UpdateSchedule', { ...settings(), State: 'DISABLED' });
    await passTo('2026-01-01T00:10:00Z');
    expect(invocations).toEqual([]);

    await call('scheduler', 'DeleteSchedule', { Name: 'sweep', GroupName: 'outbox' });
    await expect(call('scheduler', 'GetSchedule', { Name: 'sweep', GroupName: 'outbox' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('tells everything back that it was given', async () => {
    const dates = { StartDate: new Date('2026-02-01'), EndDate: new Date('2026-03-01') };
    await create(dates);
    expect(await call('scheduler', 'GetSchedule', { Name: 'sweep', GroupName: 'outbox' })).toMatchObject({
      ...settings(),
      ...dates,
      ActionAfterCompletion: 'NONE',
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/outbox/sweep',
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
    });
  });

  it('retries a failing target and dead-letters what exhausts its attempts', async () => {
    failure = new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 });
    await create();
    clock.advance(60_000);
    for (let attempt = 0; attempt < 3; attempt++) {
      await settled();
      clock.advance(5_000);
    }
    await settled();

    expect(deadLetters).toHaveLength(1);
    expect(deadLetters[0]?.QueueUrl).toBe('http://127.0.0.1:1/000000000000/schedule-dlq');
    expect(deadLetters[0]?.MessageAttributes?.['RETRY_ATTEMPTS']?.StringValue).toBe('2');
    expect(deadLetters[0]?.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('TooManyRequestsException');
  });

  it.each(['rate(0 minutes)', 'rate(5)', 'every minute', 'cron(0 10 * * * *)'])(
    'refuses the expression %s',
    async (expression) => {
      await expect(create({ ScheduleExpression: expression })).rejects.toMatchObject({
        code: 'ValidationException',
        message: `Invalid Schedule Expression ${expression}.`,
      });
    },
  );

  it.each<[string, Partial<InputOf<'scheduler', 'CreateSchedule'>>]>([
    ['SqsParameters', { Target: { ...target(), SqsParameters: { MessageGroupId: 'g' } } }],
    ['aws-sdk:lambda:invoke', { Target: { ...target(), Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke' } }],
  ])('refuses what it does not run by name: %s', async (named, overrides) => {
    await expect(create(overrides)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(named),
    });
  });

  it.each([
    ['MaximumEventAgeInSeconds', { RetryPolicy: { MaximumEventAgeInSeconds: 59 } }],
    ['MaximumRetryAttempts', { RetryPolicy: { MaximumRetryAttempts: 186 } }],
    ['not a standard SQS queue', { DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dlq.fifo' } }],
  ])('refuses values out of range: %s', async (named, overrides) => {
    await expect(create({ Target: { ...target(), ...overrides } })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(named),
    });
  });

  it.each<[string, Partial<InputOf<'scheduler', 'CreateSchedule'>>]>([
    ['cannot be earlier than 5 minutes ago', { StartDate: new Date('2025-12-31T23:54:00Z') }],
    ['must be in the future', { EndDate: new Date('2025-12-31T23:59:00Z') }],
    ['must come after the StartDate', { StartDate: new Date('2026-01-03'), EndDate: new Date('2026-01-02') }],
    ['between 1 and 1440', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } }],
    ['Invalid ScheduleExpressionTimezone Mars', { ScheduleExpressionTimezone: 'Mars' }],
    ['EventBridgeParameters', { Target: { ...target(), Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/b' } }],
  ])('refuses times that can’t be and targets without their parameters: %s', async (named, overrides) => {
    await expect(create(overrides)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(named),
    });
  });

  it('refuses a role that does not trust the schedule’s group', async () => {
    trusts = false;
    await expect(create()).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    });
  });

  function settings(): InputOf<'scheduler', 'CreateSchedule'> {
    return {
      Name: 'sweep',
      GroupName: 'outbox',
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: target(),
    };
  }

  function target() {
    return {
      Arn: functionArn,
      RoleArn: roleArn,
      Input: '{"now":"<aws.scheduler.scheduled-time>"}',
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:schedule-dlq' },
    };
  }

  async function create(overrides: Partial<InputOf<'scheduler', 'CreateSchedule'>> = {}): Promise<void> {
    await call('scheduler', 'CreateScheduleGroup', { Name: 'outbox' });
    await call('scheduler', 'CreateSchedule', { ...settings(), ...overrides });
  }

  /** Lets time pass, a timer at a time, up to the instant. */
  async function passTo(instant: string): Promise<void> {
    const end = Date.parse(instant);
    while (clock.now() < end) {
      clock.advance(Math.min(60_000 - (clock.now() % 60_000), end - clock.now()));
      await settled();
    }
  }

  function invokedAt(): unknown[] {
    return invocations.map(({ payload }) => (payload as { now: string }).now);
  }

  /** Lets promise chains that need no time run to their end. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
});
