import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { recordingClient } from '@outbox/testing';
import { event1, itemOf, type Row } from '../testing/rows';
import { NOW, runVerb } from '../testing/run-verb';
import { stackOf } from '../testing/stack';

const row = (id: string, more: Row = {}): Row => ({
  ...event1,
  pk: `parcel#${id}`,
  committedAt: '2026-01-02T00:00:00.000Z',
  attempts: 0,
  detail: '{"data":1}',
  ...more,
});

/** A stream that brings these rows, two at a time, from the second look on. */
function lab(rows: readonly Row[]) {
  let now = NOW;
  let looks = 0;
  const streams = recordingClient((input) => {
    if ('ShardIterator' in (input as object)) {
      const Records = rows.slice(2 * (looks - 1), 2 * looks).map((each) => ({
        eventName: 'INSERT',
        dynamodb: { NewImage: itemOf(each) },
      }));
      looks += 1;
      return { Records, NextShardIterator: 'next' };
    }
    return 'ShardId' in (input as object)
      ? { ShardIterator: 'first' }
      : { StreamDescription: { Shards: [{ ShardId: 's', SequenceNumberRange: {} }] } };
  });
  const dynamodb = {
    send: (command: object) =>
      Promise.resolve(command instanceof DescribeTableCommand ? { Table: { LatestStreamArn: 'arn' } } : {}),
  };
  return (...argv: string[]) =>
    runVerb(
      {
        stack: () => Promise.resolve(stackOf()),
        dynamodb: () => dynamodb as unknown as DynamoDBClient,
        streams: () => streams as unknown as DynamoDBStreamsClient,
        now: () => now,
        sleep: (ms) => Promise.resolve(void (now += ms)),
      },
      argv,
    );
}

describe('outboxctl tail', () => {
  it('tells of events as they come, up to as many as are wanted', async () => {
    const { exitCode, out, progress } = await lab(['p-1', 'p-2', 'p-3', 'p-4'].map((id) => row(id)))(
      ...['tail', '--limit', '3'],
    );
    expect({ exitCode, progress }).toEqual({ exitCode: 0, progress: 'following …' });
    expect(out.split('\n')).toEqual(
      ['p-1', 'p-2', 'p-3'].map((id) => `2026-01-02T00:00:00.000Z  parcel/${id} event 1  ParcelRegistered`),
    );
  });

  it('tells of some only, with their content under --json', async () => {
    const rows = [row('p-1'), row('p-2'), row('p-1', { type: 'ParcelMoved' })];
    const argv = ['--json', 'tail', '--aggregate', 'p-1', '--type', 'ParcelMoved', '--limit', '1'];
    expect(JSON.parse((await lab(rows)(...argv)).out)).toMatchObject({ type: 'ParcelMoved', detail: { data: 1 } });
  });

  it('ends when its time is over', async () => {
    expect(await lab([row('p-1')])('tail', '--wait', '2')).toMatchObject({ exitCode: 0 });
    expect(await lab([row('p-1')])('tail', '--wait', '2', '--limit', '2')).toMatchObject({ exitCode: 1 });
  });
});
