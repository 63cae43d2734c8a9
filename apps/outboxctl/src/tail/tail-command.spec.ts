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

/**
 * A stream that brings these rows, two at a time, from the second look on. Beside it is a shard that is empty, and whose
 * read of that number fails.
 */
function lab(rows: readonly Row[], failures: Readonly<Record<number, Error>> = {}) {
  let now = NOW;
  let looks = 0;
  let readsBeside = 0;
  const streams = recordingClient((input) => {
    const { ShardIterator } = input as { readonly ShardIterator?: string };
    if (ShardIterator === 'beside') {
      const failure = failures[(readsBeside += 1)];
      if (failure) throw failure;
      return { NextShardIterator: 'beside' };
    }
    if (ShardIterator !== undefined) {
      const Records = rows.slice(2 * (looks - 1), 2 * looks).map((each) => ({
        eventName: 'INSERT',
        dynamodb: { NewImage: itemOf(each) },
      }));
      looks += 1;
      return { Records, NextShardIterator: 'next' };
    }
    const { ShardId } = input as { readonly ShardId?: string };
    if (ShardId !== undefined) return { ShardIterator: ShardId === 's' ? 'first' : ShardId };
    return { StreamDescription: { Shards: ['s', 'beside'].map((id) => ({ ShardId: id, SequenceNumberRange: {} })) } };
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

  it('misses nothing for an error that passes by itself, and ends with one that does not', async () => {
    const rows = ['p-1', 'p-2', 'p-3', 'p-4'].map((id) => row(id));
    const cut = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const { exitCode, out, progress } = await lab(rows, { 2: cut })('tail', '--limit', '4', '--wait', '60');
    expect({ exitCode, ids: out.match(/p-\d/g) }).toEqual({ exitCode: 0, ids: ['p-1', 'p-2', 'p-3', 'p-4'] });
    expect(progress).toMatch(/following …\n.*read ECONNRESET.*; looking again in 1 s$/);

    const denied = Object.assign(new Error('not allowed'), { name: 'AccessDeniedException' });
    expect(await lab(rows, { 2: denied })('tail', '--limit', '4')).toMatchObject({ exitCode: 3, out: '' });
    expect(await lab(rows, { 1: cut })('tail', '--limit', '4')).toMatchObject({ exitCode: 3, progress: '' });
  });

  it('goes on from now, and says so, when it could not look for so long that its place is lost', async () => {
    const rows = ['p-1', 'p-2', 'p-3', 'p-4'].map((id) => row(id));
    const expired = Object.assign(new Error('Iterator expired'), { name: 'ExpiredIteratorException' });
    const { exitCode, out, progress } = await lab(rows, { 2: expired })('tail', '--limit', '2');
    expect({ exitCode, ids: out.match(/p-\d/g) }).toEqual({ exitCode: 0, ids: ['p-3', 'p-4'] });
    expect(progress).toMatch(/could not be read for 15 minutes: what came meanwhile is left out$/);
  });

  it('ends when its time is over', async () => {
    expect(await lab([row('p-1')])('tail', '--wait', '2')).toMatchObject({ exitCode: 0 });
    expect(await lab([row('p-1')])('tail', '--wait', '2', '--limit', '2')).toMatchObject({ exitCode: 1 });
  });
});
