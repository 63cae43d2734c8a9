import { EngineClock } from '@outbox/local-cloud-kernel';
import { eventually } from '@outbox/testing';
import { startSpecEngine, type SpecEngine } from '../testing/spec-engine';

/** Well below the 20 seconds the receiver would wait. */
const PROMPTLY = { timeoutMs: 8_000 };

jest.setTimeout(30_000);

describe('a receiver that waits', () => {
  let now = 1_700_000_000_000;
  let engine: SpecEngine;

  beforeEach(async () => {
    engine = await startSpecEngine({ clock: new EngineClock(0, () => now) });
  });
  afterEach(() => engine.stop());

  it('is woken by a message that comes due, even if somebody looks at the queue a moment before', async () => {
    const { QueueUrl } = await engine.call('sqs', 'CreateQueue', { QueueName: 'work' });
    await engine.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'late', DelaySeconds: 10 });
    const bodies: (string | undefined)[] = [];
    void engine
      .call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 })
      .then(({ Messages = [] }) => bodies.push(...Messages.map(({ Body }) => Body)));
    // Nothing but promises lies between the call and its wait.
    await new Promise((resolve) => setImmediate(resolve));

    // The message is due, and its timer has not fired yet: that is when a busy engine answers others.
    now += 10_000;
    await engine.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });

    await eventually(() => expect(bodies).toEqual(['late']), PROMPTLY);
  });
});
