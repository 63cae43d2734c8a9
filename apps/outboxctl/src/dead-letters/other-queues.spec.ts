import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { recordingClient } from '@outbox/testing';
import { letter, setUp } from '../testing/dead-letter-lab';
import { itemOf, type Row } from '../testing/rows';
import { stackOf } from '../testing/stack';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** What a pipe leaves of records that it gave up: where they stand, from `start` to `end`. */
function pipeLetter(start: number, end = start) {
  return {
    Body: JSON.stringify({
      context: { partnerResourceArn: 'arn:pipe', condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      timestamp: '2026-01-01T00:00:00Z',
      DDBStreamBatchInfo: {
        ...{ shardId: 'shard-1', startSequenceNumber: String(start), endSequenceNumber: String(end) },
        ...{ approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z', batchSize: end - start + 1, streamArn: 'arn:s' },
      },
    }),
  };
}

function row(sequence: number, state: Row): Row {
  return {
    pk: 'parcel#p-1',
    sk: `EVENT#000000000${sequence}`,
    entity: 'OutboxEvent',
    id: `e-${sequence}`,
    type: 'ParcelMoved',
    committedAt: '2026-01-01T00:00:00.000Z',
    attempts: 3,
    detail: '{}',
    ...state,
  };
}

const WAITS = { unpublishedShard: '0', dueAt: '2026-01-03T00:00:00.000Z' };
const PUBLISHED = { publishedAt: '2026-01-01T00:01:00.000Z', expiresAt: 1 };
const FAILED = { failedAt: '2026-01-01T20:00:00.000Z', failure: 'too large' };

/**
 * The pipe's dead letters over a stream whose records 1, 2, 3 … put these rows into the outbox's table. It hands out so
 * many of them at a time, and an empty page after each.
 */
function pipeLab(
  letters: readonly ReturnType<typeof pipeLetter>[],
  rows: readonly Row[],
  { isTrimmed = false, pages = Infinity } = {},
) {
  const updates: unknown[] = [];
  const streams = recordingClient((input) => {
    if (isTrimmed) throw new TrimmedDataAccessException({ message: 'gone', $metadata: {} });
    const { SequenceNumber, ShardIterator } = input as { SequenceNumber?: string; ShardIterator?: string };
    if (ShardIterator === undefined) return { ShardIterator: SequenceNumber };
    const [from = 1, isEmpty = 0] = ShardIterator.split(' ').map(Number);
    if (isEmpty > 0) return { Records: [], NextShardIterator: String(from) };
    const Records = rows.slice(from - 1, from - 1 + pages).map((each, index) => ({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(from + index), NewImage: itemOf(each) },
    }));
    return { Records, NextShardIterator: `${from + Records.length} 1` };
  });
  const dynamodb = {
    send: (command: object) => {
      if (command instanceof GetItemCommand) {
        const found = rows.find(({ sk }) => sk === command.input.Key?.['sk']?.S);
        return Promise.resolve(found ? { Item: itemOf(found) } : {});
      }
      if (command instanceof UpdateItemCommand) updates.push(command.input.Key?.['sk']?.S);
      return Promise.resolve({});
    },
  } as unknown as DynamoDBClient;
  const lab = setUp(
    letters,
    { owner: 'pipe' },
    { streams: () => streams as unknown as DynamoDBStreamsClient, dynamodb: () => dynamodb },
  );
  return { ...lab, updates, asked: streams.inputs };
}

describe('dead letters of the pipe', () => {
  it('are shown with the events of the records that they name', async () => {
    const { run, dead } = pipeLab([pipeLetter(1, 2)], [row(1, WAITS), row(2, WAITS), row(3, WAITS)]);
    const { out } = await run('dlq', 'show', 'pipe');
    expect(out).toMatch(
      /^parcel\/p-1 event 1 {2}ParcelMoved, parcel\/p-1 event 2 {2}ParcelMoved {2}RetryAttemptsExhausted/,
    );
    expect(JSON.parse((await run('--json', 'dlq', 'show', 'pipe')).out)).toMatchObject([
      { events: [{ aggregate: 'parcel', id: 'p-1', sequence: 1 }, { sequence: 2 }] },
    ]);
    expect(dead()).toHaveLength(1);
  });

  it('make what waits due at once, and go', async () => {
    const { run, dead, updates } = pipeLab([pipeLetter(1), pipeLetter(2)], [row(1, WAITS), row(2, PUBLISHED)]);
    expect(await run('dlq', 'redrive', 'pipe')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^2 of the pipe done with: .*outboxctl sweep/),
    });
    expect(updates).toEqual(['EVENT#0000000001']);
    expect(dead()).toEqual([]);
  });

  it('are chosen by the events that they name', async () => {
    const { run, dead } = pipeLab([pipeLetter(1), pipeLetter(2)], [row(1, WAITS), { ...row(2, WAITS), type: 'Other' }]);
    expect((await run('dlq', 'redrive', 'pipe', '--type', 'Other')).out).toMatch(/^1 of the pipe done/);
    expect(dead()).toHaveLength(1);
  });

  it('stay while the sweeper has given an event of theirs up', async () => {
    const { run, dead, updates } = pipeLab([pipeLetter(1)], [row(1, FAILED)]);
    expect(await run('dlq', 'redrive', 'pipe')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('1 stay: the sweeper gave their events up, outboxctl failed list'),
    });
    expect([dead().length, updates]).toEqual([1, []]);
  });

  it('stay when the stream no longer has their records, until they are dropped', async () => {
    const { run, dead } = pipeLab([pipeLetter(1)], [], { isTrimmed: true });
    expect(await run('dlq', 'redrive', 'pipe')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('1 stay: the stream no longer has their records; outboxctl reconcile'),
    });
    const drop = ['dlq', 'drop', 'pipe', '--reason', 'RetryAttemptsExhausted', '--reason-text', 'reconciled'];
    expect(await run(...drop)).toMatchObject({ exitCode: 0 });
    expect(dead()).toEqual([]);
  });

  it('are read on after a page without records, which a shard may have anywhere', async () => {
    const { run, updates } = pipeLab(
      [pipeLetter(1, 3)],
      [1, 2, 3].map((n) => row(n, WAITS)),
      { pages: 1 },
    );
    expect(await run('dlq', 'redrive', 'pipe')).toMatchObject({ exitCode: 0 });
    expect(updates).toHaveLength(3);
  });

  it('stay when only a part of their records can be read', async () => {
    const { run, dead } = pipeLab([pipeLetter(1, 3)], [row(1, WAITS)]);
    expect(await run('dlq', 'redrive', 'pipe')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('1 stay: '),
    });
    expect(dead()).toHaveLength(1);
  });

  it('are asked for at the records’ place', async () => {
    const { run, asked } = pipeLab([pipeLetter(2)], [row(1, WAITS), row(2, WAITS)]);
    await run('dlq', 'show', 'pipe');
    expect(asked[0]).toMatchObject({ StreamArn: 'arn:s', ShardId: 'shard-1', SequenceNumber: '2' });
    expect(asked[1]).toEqual(new GetRecordsCommand({ ShardIterator: '2' }).input);
  });
});

describe('dead letters of the sweeper’s schedule', () => {
  const missed = {
    Body: '{}',
    MessageAttributes: { ERROR_CODE: text('AccessDenied'), ERROR_MESSAGE: text('no permission') },
  };

  function sweeperLab(count: number, outputs: Parameters<typeof stackOf>[0] = { sweeper_alias: 'live' }) {
    const lambda = recordingClient(() => ({ Payload: Buffer.from('{"due":0}') }));
    const lab = setUp(
      Array.from({ length: count }, () => missed),
      { owner: 'sweeper' },
      {
        lambda: () => lambda as unknown as LambdaClient,
        stack: () => Promise.resolve(stackOf({ sweeper_function_name: 'sweeper', ...outputs })),
      },
    );
    return { ...lab, invoked: lambda.inputs };
  }

  it('say what the scheduler said, and are made up for by one sweep', async () => {
    const { run, dead, invoked } = sweeperLab(12);
    expect((await run('dlq', 'show', 'outbox-sweeper', '--limit', '1')).out).toContain('AccessDenied: no permission');
    expect(await run('dlq', 'redrive', 'outbox-sweeper')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^12 missed sweeps made up for by one$/m),
    });
    expect([invoked.length, dead().length]).toEqual([1, 0]);
  });

  it('are made up for by the version of the alias that the schedule runs, never $LATEST', async () => {
    const { run, invoked } = sweeperLab(1);
    await run('dlq', 'redrive', 'outbox-sweeper');
    expect(invoked).toEqual([expect.objectContaining({ FunctionName: 'sweeper', Qualifier: 'live' })]);
  });

  it('stay in a stack that doesn’t say its alias', async () => {
    const { run, dead, invoked } = sweeperLab(1, {});
    expect(await run('dlq', 'redrive', 'outbox-sweeper')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('no output sweeper_alias'),
    });
    expect([invoked.length, dead().length]).toEqual([0, 1]);
  });
});

describe('dead letters of the acknowledger', () => {
  it('go back to its queue', async () => {
    const { run, sent, dead } = setUp([letter(1), letter(2)], { owner: 'ack' });
    expect(await run('dlq', 'redrive', 'outbox-acknowledger')).toMatchObject({ exitCode: 0 });
    expect([sent().length, dead().length]).toEqual([2, 0]);
  });
});
