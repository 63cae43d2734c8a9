import { AwsError, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { eventually as tryUntil } from '@outbox/testing';
import { ACCOUNT, REGION, startSpecEngine } from '../testing/spec-engine';

jest.setTimeout(30_000);

/** Patient: every suite of the repository may be running beside this one. */
const eventually = (attempt: () => unknown): Promise<unknown> => tryUntil(attempt, { timeoutMs: 20_000 });
const streamArn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders/stream/2026-01-01T00:00:00.000`;

describe('a pipe whose stream goes', () => {
  it('stops, and says in AWS’s words why', async () => {
    let gone = false;
    const requires = () => [];
    const streams: Service<'dynamodbstreams'> = {
      name: 'dynamodbstreams',
      operations: {
        DescribeStream: { requires, handle: () => ({ StreamDescription: { Shards: [{ ShardId: 'shard-1' }] } }) },
        GetShardIterator: { requires, handle: () => ({ ShardIterator: '0' }) },
        GetRecords: {
          requires,
          handle: () => {
            if (gone) throw new AwsError('ResourceNotFoundException', 'Requested resource not found: Stream');
            return { Records: [], NextShardIterator: '0' };
          },
        },
      },
    };
    const engine = await startSpecEngine({ services: [streams as Service<ServiceName>] });
    await engine.call('pipes', 'CreatePipe', {
      Name: 'outbox',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`,
      Source: streamArn,
      SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'LATEST' } },
      Target: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/orders`,
    });
    const becomes = (expected: object) =>
      eventually(async () =>
        expect(await engine.call('pipes', 'DescribePipe', { Name: 'outbox' })).toMatchObject(expected),
      );
    await becomes({ CurrentState: 'RUNNING' });
    gone = true;
    engine.signals.notify(streamArn);
    await becomes({
      CurrentState: 'STOPPED',
      DesiredState: 'STOPPED',
      StateReason: 'Stream not found. To resume processing please delete the pipe and create a new one.',
    });
    await engine.stop();
  });
});
