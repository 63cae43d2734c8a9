import { DescribeTableCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  ListReplaysCommand,
  ListRuleNamesByTargetCommand,
  StartReplayCommand,
  type EventBridgeClient,
  type StartReplayCommandInput,
} from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createTable, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { headRow, itemOf, rowOf, type Row } from '../testing/rows';
import { ME, NOW, runVerb } from '../testing/run-verb';
import { lambdaOf, RAISED, stackOf, versionsOf } from '../testing/stack';
import { partition } from '../trace/load';

const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

describe('outboxctl join --from now', () => {
  it.each(['in-order', 'latest'])('has it begin with the next event of every aggregate (%s)', async (policy) => {
    const { run, rows, reconciled } = await setUp({ policy, outbox: [...aggregate('p-1', 2), ...aggregate('p-2', 1)] });
    // The second event of an aggregate waits in order behind the first.
    expect(await reconciled()).toMatchObject(policy === 'in-order' ? { lost: 2, held: 1 } : { lost: 3, held: 0 });
    expect(await run('--from', 'now')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('2 older aggregates left aside up to there, 0 it knows already'),
    });
    expect(await rows('parcels#parcel#p-1')).toEqual([
      {
        pk: 'parcels#parcel#p-1',
        sk: 'INBOX',
        firstVersion: 3,
        lastVersion: 2,
        lastEventId: 'p-1-2',
        joinedAt: iso(NOW),
        updatedAt: iso(NOW),
      },
    ]);
    expect(await rows('#start')).toEqual([{ pk: '#start', sk: 'parcels', from: 'now', at: iso(NOW), by: ME }]);
    expect(await reconciled()).toMatchObject({ lost: 0, 'out-of-order': 0, orphaned: 0 });
  });

  it('writes down for a once consumer that older events are not its', async () => {
    const { run, add, rows, reconciled } = await setUp({ policy: 'once', outbox: aggregate('p-1', 2) });
    expect((await run('--from', 'now')).exitCode).toBe(0);
    expect(await rows('parcels#parcel#p-1')).toEqual([]);
    expect(await reconciled()).toMatchObject({ lost: 0 });
    await add(event('p-1', 3, NOW));
    await add(head('p-1', 3, NOW));
    expect(await reconciled()).toMatchObject({ lost: 1 });
  });

  it('is what a new consumer waits for: until then it lacks what is past retention, however long it remembers', async () => {
    const outbox = [head('p-1', 2, NOW - 46 * DAY)];
    const { dynamodb, reconciled } = await setUp({ policy: 'once', outbox, versions: RAISED });
    dynamodb.createdAt = NOW - 10 * DAY;
    expect(await reconciled()).toMatchObject({ lost: 2 });
  });

  it('leaves to it what is committed while the outbox is read, also when it is run again', async () => {
    const { run, add, rows, dynamodb } = await setUp({ policy: 'in-order', outbox: aggregate('p-1', 2) });
    // The scan sees the aggregate's events before its head: here the third is committed in between.
    dynamodb.before = async (command) => {
      if (!(command instanceof PutItemCommand) || command.input.Item?.['pk']?.S !== '#start') return;
      await add(head('p-1', 3, NOW + 1));
      dynamodb.hideOnce = 'p-1-3';
      await add(event('p-1', 3, NOW + 1));
      for (const row of aggregate('p-new', 1, NOW + 1)) await add(row);
    };
    expect((await run('--from', 'now')).exitCode).toBe(0);
    expect(await rows('parcels#parcel#p-1')).toMatchObject([{ firstVersion: 3, lastVersion: 2 }]);
    expect(await rows('parcels#parcel#p-new')).toEqual([]);

    dynamodb.before = undefined;
    const again = await run('--from', 'now', '--now', iso(NOW + 60_000));
    expect(again.out).toContain(`committed from ${iso(NOW)} on: 0 older aggregates left aside up to there, 1 it knows`);
    expect(await rows('parcels#parcel#p-new')).toEqual([]);
  });

  it('leaves alone what it has begun itself, be it only an attempt', async () => {
    const own = { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 1, lastEventId: 'p-1-1' };
    const attempt = { pk: 'parcels#parcel#p-2', sk: 'INBOX', pending: 'of event 1' };
    const { run, rows } = await setUp({
      policy: 'in-order',
      outbox: [...aggregate('p-1', 2), ...aggregate('p-2', 1)],
      consumer: [own, attempt],
    });
    expect(JSON.parse((await run('--json', '--from', 'now')).out)).toEqual({
      consumer: 'late',
      from: 'now',
      at: iso(NOW),
      seeded: 0,
      known: 2,
    });
    expect(await rows('parcels#parcel#p-1')).toEqual([own]);
    expect(await rows('parcels#parcel#p-2')).toEqual([attempt]);
  });

  it('only says what it would do under --dry-run', async () => {
    const { run, rows } = await setUp({ policy: 'in-order', outbox: aggregate('p-1', 2) });
    const { out } = await run('--from', 'now', '--dry-run');
    expect(out).toContain('late would begin');
    expect(out).toContain('1 older aggregates');
    expect(await rows('parcels#parcel#p-1')).toEqual([]);
    expect(await rows('#start')).toEqual([]);
  });

  it('goes on from where it was interrupted', async () => {
    const { run, rows, stop } = await setUp({ policy: 'in-order', outbox: aggregate('p-1', 2) });
    stop.abort();
    expect((await run('--from', 'now')).out).toContain('the same command goes on');
    expect(await rows('parcels#parcel#p-1')).toEqual([]);
    stop.allow();
    await run('--from', 'now', '--now', iso(NOW + DAY));
    expect(await rows('parcels#parcel#p-1')).toMatchObject([{ lastVersion: 2, joinedAt: iso(NOW) }]);
  });

  it('asks for consent where a consumer is not new: what it lost would pass for left aside', async () => {
    const { run, rows, dynamodb } = await setUp({ policy: 'latest', outbox: aggregate('p-1', 2) });
    dynamodb.createdAt = NOW - 2 * DAY;
    expect(await run('--from', 'now')).toMatchObject({ exitCode: 1, err: expect.stringContaining('lost or not') });
    expect(await rows('#start')).toEqual([]);
    expect((await run('--from', 'now', '--accept-skipped')).exitCode).toBe(0);
  });

  it('refuses a consumer that is not there, and a start that is none', async () => {
    const { run } = await setUp({ policy: 'latest' });
    expect((await run('--from', 'yesterday')).exitCode).toBe(2);
    expect((await run()).exitCode).toBe(2);
    expect((await run('--from', 'now', '--wait', '5')).exitCode).toBe(2);
  });
});

describe('outboxctl join --from beginning', () => {
  it('replays all that the archive holds to that consumer alone, once', async () => {
    const { run, started, rows, reconciled } = await setUp({
      policy: 'in-order',
      outbox: aggregate('p-1', 2, NOW - 10 * DAY),
    });
    const { exitCode, out } = await run('--from', 'beginning', '--wait', '60');
    expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: expect.stringContaining('beginning of 1 aggregates') });
    expect(started()).toMatchObject([
      {
        ReplayName: 'join-late-20260102000000',
        EventStartTime: new Date(NOW - 30 * DAY),
        EventEndTime: new Date(NOW),
        Destination: { FilterArns: ['rule-arn/late'] },
      },
    ]);
    expect(await rows('#start')).toMatchObject([{ from: 'beginning' }]);
    // It wants all of them: until they are done they count.
    expect(await reconciled()).toMatchObject({ lost: 1, held: 1 });
    expect((await run('--from', 'beginning', '--now', iso(NOW + 60_000))).exitCode).toBe(0);
    expect(started()).toHaveLength(1);
  });

  it('starts another replay when the first one failed', async () => {
    const { run, started } = await setUp({ policy: 'latest', outbox: aggregate('p-1', 1), replayEnds: 'FAILED' });
    expect((await run('--from', 'beginning', '--wait', '60')).exitCode).toBe(1);
    await run('--from', 'beginning', '--now', iso(NOW + 60_000));
    expect(started().map(({ ReplayName }) => ReplayName)).toEqual([
      'join-late-20260102000000',
      'join-late-20260102000100',
    ]);
  });

  it.each([
    ['it was committed before', [head('p-1', 2, NOW - DAY, NOW - 31 * DAY), event('p-1', 2, NOW - DAY)]],
    ['nobody knows when it was committed', [{ ...headRow(2), updatedAt: iso(NOW) }, event('p-1', 2, NOW - DAY)]],
  ])('refuses when the archive no longer holds event 1 of an aggregate: %s', async (_why, outbox) => {
    const { run, started, rows } = await setUp({ policy: 'in-order', outbox });
    expect(await run('--from', 'beginning')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/event 1 of 1 of 1 aggregates .* parcel\/p-1[^]*--from now/),
    });
    expect(started()).toEqual([]);
    expect(await rows('#start')).toEqual([]);
  });

  it('refuses what is younger than the archive’s retention, if the archive is younger still', async () => {
    const outbox = aggregate('p-1', 1, NOW - 10 * DAY);
    const { run } = await setUp({ policy: 'latest', outbox, archivedSince: NOW - 5 * DAY });
    expect(await run('--from', 'beginning')).toMatchObject({ exitCode: 1, err: expect.stringContaining('2025-12-28') });
  });

  it('begins once: neither now nor at the beginning after the other', async () => {
    const { run } = await setUp({ policy: 'latest', outbox: aggregate('p-1', 1) });
    await run('--from', 'now');
    expect(await run('--from', 'beginning')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(`late began --from now at ${iso(NOW)}`),
    });
  });

  it.each([
    ['refuses a once consumer that is there for longer than it remembers', undefined, 1],
    ['refuses one that remembered less until a week ago', RAISED, 1],
    ['lets one begin that remembers all it ever did', versionsOf([46, 90]), 0],
  ])('%s', async (_what, versions, exitCode) => {
    const { run, dynamodb } = await setUp({ policy: 'once', outbox: aggregate('p-1', 1), versions });
    dynamodb.createdAt = NOW - 46 * DAY;
    const err = expect.stringContaining(exitCode === 0 ? '' : 'forgotten') as string;
    expect(await run('--from', 'beginning')).toMatchObject({ exitCode, err });
  });
});

function head(id: string, lastSequence: number, at: number, beganAt = at): Row {
  return { ...headRow(lastSequence), pk: `parcel#${id}`, updatedAt: iso(at), beganAt: iso(beganAt) };
}

function event(id: string, sequence: number, at: number): Row {
  return {
    pk: `parcel#${id}`,
    sk: `EVENT#${String(sequence).padStart(10, '0')}`,
    entity: 'OutboxEvent',
    id: `${id}-${sequence}`,
    type: 'ParcelMoved',
    committedAt: iso(at),
    attempts: 0,
    detail: '{}',
  };
}

/** An aggregate with so many published events. */
function aggregate(id: string, events: number, at = NOW - DAY): Row[] {
  const each = Array.from({ length: events }, (_, index) => event(id, index + 1, at));
  return [head(id, events, at), ...each];
}

interface Setting {
  readonly policy: string;
  readonly outbox?: readonly Row[];
  readonly consumer?: readonly Row[];
  readonly replayEnds?: string;
  readonly archivedSince?: number;
  /** Of its function, which remembers 90 days by the newest. */
  readonly versions?: ReturnType<typeof versionsOf> | undefined;
}

let stacks = 0;

/** A stack with the consumer `late`, over tables of its own. */
async function setUp({
  policy,
  outbox = [],
  consumer = [],
  replayEnds = 'COMPLETED',
  archivedSince = NOW - 90 * DAY,
  versions,
}: Setting) {
  stacks += 1;
  const [outboxTable, table] = [`join-outbox-${stacks}`, `join-late-${stacks}`];
  for (const name of [outboxTable, table]) await createTable(local.client, name);
  const put = (name: string) => async (row: Row) => {
    await local.client.send(new PutItemCommand({ TableName: name, Item: itemOf(row) }));
  };
  for (const row of outbox) await put(outboxTable)(row);
  for (const row of consumer) await put(table)(row);
  const late = { queue_url: 'https://sqs/1/late', dlq_url: '', function_name: 'f-late', table_name: table, policy };
  const stack = stackOf({
    outbox_table_name: outboxTable,
    consumers: { late: { ...late, on: { parcel: [] } } },
    inbox_retention_days: versions ? 90 : 45,
  });
  const dynamodb: {
    before?: ((command: unknown) => Promise<void>) | undefined;
    createdAt: number;
    /** The id of an event that the next answer lacks, as a page that was read before it does. */
    hideOnce?: string | undefined;
  } = { createdAt: NOW };
  const send = async (command: PutItemCommand): Promise<unknown> => {
    await dynamodb.before?.(command);
    if ((command as unknown) instanceof DescribeTableCommand) {
      return { Table: { CreationDateTime: new Date(dynamodb.createdAt) } };
    }
    const answer = (await local.client.send(command)) as { Items?: { id?: { S?: string } }[] };
    const hidden = dynamodb.hideOnce;
    if (hidden === undefined || !answer.Items) return answer;
    dynamodb.hideOnce = undefined;
    return { ...answer, Items: answer.Items.filter(({ id }) => id?.S !== hidden) };
  };
  let stopped = new AbortController();
  const bus = busOf(replayEnds, archivedSince);
  const parts = {
    protect: <T>(work: (stop: AbortSignal) => Promise<T>) => work(stopped.signal),
    stack: () => Promise.resolve(stack),
    dynamodb: () => ({ send }) as unknown as DynamoDBClient,
    lambda: () => lambdaOf(versions ?? new Error('nobody asks')).lambda,
    eventbridge: () => bus.client,
    sqs: () =>
      ({ send: () => Promise.resolve({ Attributes: { QueueArn: 'queue-arn/late' } }) }) as unknown as SQSClient,
  };
  return {
    run: (...argv: readonly string[]) => runVerb(parts, ['join', 'late', ...argv]),
    add: put(outboxTable),
    rows: async (pk: string) => (await partition(local.client, table, pk)).map(rowOf),
    reconciled: async () => {
      const { out } = await runVerb(parts, ['--json', 'reconcile', '--grace', '0', '--now', iso(NOW + DAY)]);
      return (JSON.parse(out.split('\n').at(-1) ?? '') as { findings: object }).findings;
    },
    dynamodb,
    started: bus.started,
    stop: { abort: () => stopped.abort(), allow: () => void (stopped = new AbortController()) },
  };
}

/** An account with an archive of 30 days, and replays that end as soon as they are looked at again. */
function busOf(end: string, archivedSince: number) {
  const started: StartReplayCommandInput[] = [];
  const looks = new Map<string | undefined, number>();
  const shown = ({ ReplayName, EventStartTime, EventEndTime }: StartReplayCommandInput) => {
    const seen = looks.get(ReplayName) ?? 0;
    looks.set(ReplayName, seen + 1);
    const State = seen === 0 ? 'STARTING' : end;
    return { ReplayName, State, EventSourceArn: 'archive-arn', EventStartTime, EventEndTime };
  };
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeArchiveCommand) {
      return {
        ArchiveArn: 'archive-arn',
        EventSourceArn: 'bus-arn',
        RetentionDays: 30,
        CreationTime: new Date(archivedSince),
      };
    }
    if (command instanceof ListRuleNamesByTargetCommand) {
      return { RuleNames: [command.input.TargetArn?.replace('queue-arn/', '')] };
    }
    if (command instanceof DescribeRuleCommand) return { Arn: `rule-arn/${command.input.Name}` };
    if (command instanceof StartReplayCommand) return void started.push(command.input);
    if (command instanceof ListReplaysCommand) return { Replays: started.map(shown) };
    if (command instanceof DescribeReplayCommand) {
      return started.filter(({ ReplayName }) => ReplayName === command.input.ReplayName).map(shown)[0];
    }
    throw new Error('unexpected command');
  };
  return { client: { send } as unknown as EventBridgeClient, started: () => started };
}
