import { startSpecEngine, type SpecEngine } from './testing/spec-engine';

const URL = 'http://127.0.0.1:4566/000000000000/';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';

describe('the metrics of messaging', () => {
  let engine: SpecEngine;
  beforeEach(async () => {
    engine = await startSpecEngine();
  });
  afterEach(() => engine.stop());

  /** Sums of a namespace's samples by name, for those that carry the dimensions. */
  const sums = (namespace: string, dimensions: Record<string, string>): Record<string, number> => {
    const found: Record<string, number> = {};
    for (const sample of engine.metrics.samples) {
      if (sample.namespace !== namespace || JSON.stringify(sample.dimensions) !== JSON.stringify(dimensions)) continue;
      if (sample.unit === 'Count') found[sample.name] = (found[sample.name] ?? 0) + sample.value;
    }
    return found;
  };
  const queue = (QueueName: string) => engine.call('sqs', 'CreateQueue', { QueueName });

  it('count what is sent, received and deleted, and tell a queue’s depth and age while it is active', async () => {
    await queue('q');
    for (const MessageBody of ['a', 'b', 'c']) {
      await engine.call('sqs', 'SendMessage', { QueueUrl: `${URL}q`, MessageBody });
    }
    const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', {
      QueueUrl: `${URL}q`,
      MaxNumberOfMessages: 2,
    });
    const [first] = Messages;
    await engine.call('sqs', 'DeleteMessage', { QueueUrl: `${URL}q`, ReceiptHandle: first?.ReceiptHandle });

    expect(sums('AWS/SQS', { QueueName: 'q' })).toEqual({
      NumberOfMessagesSent: 3,
      NumberOfMessagesReceived: 2,
      NumberOfMessagesDeleted: 1,
    });
    const read = (at: number) =>
      Object.fromEntries(engine.metrics.readGauges(at).map(({ name, value }) => [name, value]));
    engine.clock.advance(20_000);
    const now = engine.clock.now();
    expect(read(now)).toEqual({
      ApproximateNumberOfMessagesVisible: 1,
      ApproximateNumberOfMessagesNotVisible: 1,
      ApproximateNumberOfMessagesDelayed: 0,
      ApproximateAgeOfOldestMessage: 20,
    });
    await engine.call('sqs', 'PurgeQueue', { QueueUrl: `${URL}q` });
    expect(read(now)).toMatchObject({ ApproximateNumberOfMessagesVisible: 0, ApproximateAgeOfOldestMessage: 0 });
    expect(read(now + 7 * 3_600_000)).toEqual({});
  });

  it('count what rules match and what becomes of it at their targets', async () => {
    await queue('fine');
    await queue('dead-letters');
    await engine.call('events', 'CreateEventBus', { Name: 'bus' });
    const rule = async (Name: string, target: string, deadLetters?: string) => {
      await engine.call('events', 'PutRule', { Name, EventBusName: 'bus', EventPattern: '{"source":["orders"]}' });
      const DeadLetterConfig = deadLetters === undefined ? undefined : { Arn: `${ARN}${deadLetters}` };
      const Targets = [{ Id: 't', Arn: `${ARN}${target}`, DeadLetterConfig }];
      await engine.call('events', 'PutTargets', { Rule: Name, EventBusName: 'bus', Targets });
    };
    await rule('delivered', 'fine');
    await rule('dead', 'gone', 'dead-letters');
    await rule('lost', 'gone', 'gone-too');
    await rule('dropped', 'gone');
    await engine.call('events', 'PutEvents', {
      Entries: [{ EventBusName: 'bus', Source: 'orders', DetailType: 'd', Detail: '{}' }],
    });
    const settled = () =>
      ['InvocationsSentToDlq', 'InvocationsFailedToBeSentToDlq'].every((name) =>
        engine.metrics.samples.some((sample) => sample.name === name),
      );
    for (const deadline = Date.now() + 5_000; !settled(); await new Promise(setImmediate)) {
      if (Date.now() > deadline) throw new Error('the deliveries did not settle');
    }

    const of = (RuleName: string) => sums('AWS/Events', { EventBusName: 'bus', RuleName });
    const matched = { MatchedEvents: 1, TriggeredRules: 1, Invocations: 1, InvocationAttempts: 1 };
    expect(of('delivered')).toEqual({ ...matched, SuccessfulInvocationAttempts: 1 });
    const failed = { ...matched, FailedInvocations: 1 };
    expect(of('dead')).toEqual({ ...failed, InvocationsSentToDlq: 1 });
    expect(of('lost')).toEqual({ ...failed, InvocationsFailedToBeSentToDlq: 1 });
    expect(of('dropped')).toEqual(failed);
  });
});
