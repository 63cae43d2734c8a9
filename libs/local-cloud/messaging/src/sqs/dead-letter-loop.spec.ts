import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const arnOf = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

describe('a queue that is its own dead-letter queue', () => {
  let engine: SpecEngine;
  let QueueUrl: string;

  beforeEach(async () => {
    engine = await startSpecEngine();
    QueueUrl = (await engine.call('sqs', 'CreateQueue', { QueueName: 'loop' })).QueueUrl ?? '';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('loop'), maxReceiveCount: 1 });
    await engine.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy } });
    await engine.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'poison' });
  });
  afterEach(() => engine.stop());

  it('goes on handing out what was received too often: there is nowhere else to put it', async () => {
    for (const count of ['1', '2', '3']) {
      const { Messages } = await engine.call('sqs', 'ReceiveMessage', {
        QueueUrl,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      expect(Messages).toMatchObject([{ Body: 'poison', Attributes: { ApproximateReceiveCount: count } }]);
    }
  });

  it('is not moved into itself, which would never end', async () => {
    const move = { SourceArn: arnOf('loop'), DestinationArn: arnOf('loop') };
    await expect(engine.call('sqs', 'StartMessageMoveTask', move)).rejects.toMatchObject({
      queryCode: 'InvalidParameterValue',
    });
    const { Results } = await engine.call('sqs', 'ListMessageMoveTasks', { SourceArn: arnOf('loop') });
    expect(Results).toEqual([]);
  });
});
