import { rearm } from '@outbox/outbox-rules';
import { writeRearmed } from '@outbox/outbox-dynamodb';
import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { operatorLab, type Setting } from './testing/operator-lab';
import { event1, failed, headRow, type Row } from './testing/rows';
import { ME } from './testing/run-verb';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

describe('outboxctl failed', () => {
  it('lists what was given up, with its reason', async () => {
    const { run } = await setUp({ outbox: [failed, { ...event1, pk: 'parcel#p-2', publishedAt: 'x' }] });
    expect(JSON.parse((await run('--json', 'failed', 'list')).out)).toEqual([
      expect.objectContaining({ aggregate: 'parcel', id: 'p-1', sequence: 1, eventId: 'e-1', failure: failed.failure }),
    ]);
    expect((await run('failed', 'list')).out).toMatch(
      /^parcel\/p-1 event 1 .*\n1 failed; retry: outboxctl failed retry --all$/,
    );
  });

  it.each([[['p-1', '--sequence', '1']], [['--all']], [['parcel/p-1', '--all']]])(
    'retries %j: due at once, with all its attempts',
    async (argv) => {
      const { run, outboxRows } = await setUp({ outbox: [failed] });
      expect((await run('failed', 'retry', ...argv)).exitCode).toBe(0);
      const [row] = await outboxRows('p-1');
      expect(row).toMatchObject({ attempts: 0, dueAt: '2026-01-02T00:00:00.000Z', unpublishedShard: 's1' });
      expect(row).not.toHaveProperty('failedAt');
      expect(row).not.toHaveProperty('failure');
    },
  );

  it('retries no further once it is interrupted, and says so', async () => {
    const { run, outboxRows } = await setUp({ outbox: [failed], interrupted: true });
    expect((await run('failed', 'retry', '--all')).out).toMatch(/^0 due again.*interrupted: the others stay failed$/);
    expect(await outboxRows('p-1')).toEqual([failed]);
  });

  it('leaves alone what is not failed', async () => {
    const published = { ...event1, publishedAt: '2026-01-01T00:00:00.000Z' };
    const { run, outboxRows } = await setUp({ outbox: [published] });
    expect((await run('failed', 'retry', 'p-1', '--sequence', '1')).exitCode).toBe(4);
    expect(await outboxRows('p-1')).toEqual([published]);
    expect((await run('failed', 'retry', 'p-1')).exitCode).toBe(2);
  });
});

describe('outboxctl reconcile --repair', () => {
  const committed = { ...event1, committedAt: '2026-01-01T00:00:00.000Z', attempts: 7 };
  const published = { publishedAt: '2026-01-01T00:00:01.000Z', expiresAt: Date.UTC(2026, 0, 9) / 1_000 };
  const backingOff = { unpublishedShard: 's1', dueAt: '2026-01-02T05:00:00.000Z', lastError: 'the bus was down' };

  it.each([
    ['retention', published],
    ['its back-off', backingOff],
    ['the failed', { failedAt: '2026-01-01T20:00:00.000Z', failure: 'x' }],
  ])('takes an event back from %s, due at once with all its attempts', async (_where, state) => {
    const outbox: Row[] = [headRow(1), { ...committed, ...state }];
    const { run, outboxRows } = await setUp({ outbox, answer: { Payload: Buffer.from('{"due":0}') } });
    expect((await run('reconcile', '--repair', '--wait', '0')).exitCode).toBe(1);
    expect((await outboxRows('p-1'))[0]).toEqual({
      ...committed,
      attempts: 0,
      unpublishedShard: 's1',
      dueAt: '2026-01-02T00:00:00.000Z',
    });
  });

  it('makes nothing of an event that retention takes meanwhile', async () => {
    const { table, outboxRows } = await setUp({});
    const key = { pk: event1.pk, sk: event1.sk };
    expect(await writeRearmed(table, key, rearm(key.pk, 0), { only: 'existing' })).toBe(false);
    expect(await outboxRows('p-1')).toEqual([]);
  });
});

const inboxHead = { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2' };

describe('outboxctl skip', () => {
  const outboxHead = headRow(5);
  const event4 = {
    ...event1,
    sk: 'EVENT#0000000004',
    id: 'e-4',
    committedAt: '2026-01-01T00:00:00.000Z',
    attempts: 0,
    detail: '{}',
  };
  const to = (version: number, consumer = 'mails') =>
    ['skip', 'p-1', '--consumer', consumer, '--to', String(version), '--reason', 'event 3 is lost'] as const;

  it('moves the head on and writes down who did it and why', async () => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4], consumer: [inboxHead] });
    expect(await run(...to(4))).toMatchObject({ exitCode: 0, out: expect.stringContaining('event 5 is next') });
    const at = '2026-01-02T00:00:00.000Z';
    expect(await consumerRows('p-1')).toEqual([
      { pk: 'parcels#parcel#p-1', sk: 'INBOX', firstVersion: 1, lastVersion: 4, lastEventId: 'e-4', updatedAt: at },
      { pk: 'parcels#parcel#p-1', sk: 'SKIP#0000000004', from: 2, to: 4, reason: 'event 3 is lost', by: ME, at },
    ]);
  });

  it('takes up an aggregate that the consumer has never seen', async () => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4] });
    expect((await run(...to(4))).exitCode).toBe(0);
    expect((await consumerRows('p-1'))[0]).toMatchObject({
      sk: 'INBOX',
      firstVersion: 1,
      lastVersion: 4,
      lastEventId: 'e-4',
    });
  });

  it('gives way to a delivery that moves the head at the same time', async () => {
    const applied = { ...inboxHead, lastVersion: 3, lastEventId: 'e-3' };
    const { run, consumerRows } = await setUp({
      outbox: [outboxHead, event4],
      consumer: [inboxHead],
      meanwhile: applied,
    });
    expect(await run(...to(4))).toMatchObject({ exitCode: 1, err: expect.stringContaining('moved meanwhile') });
    expect(await consumerRows('p-1')).toEqual([applied]);
  });

  it.each([
    ['back', 2, 1],
    ['beyond the head', 6, 4],
  ])('does not go %s', async (_where, version, exitCode) => {
    const { run, consumerRows } = await setUp({ outbox: [outboxHead, event4], consumer: [inboxHead] });
    expect((await run(...to(version))).exitCode).toBe(exitCode);
    expect(await consumerRows('p-1')).toEqual([inboxHead]);
  });

  it.each([
    ['labels', 'is a once consumer'],
    ['nobody', 'no consumer nobody'],
    ['constructor', 'no consumer constructor'],
  ])('is for in-order consumers only: %s', async (consumer, message) => {
    const { run } = await setUp({});
    expect(await run(...to(4, consumer))).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
  });
});

describe('outboxctl on a stack of several aggregate types', () => {
  it.each([['trace'], ['failed', 'retry', '--all'], ['skip', '--consumer', 'mails', '--to', '1', '--reason', 'x']])(
    'wants to know which, and takes it in front of the id: %s',
    async (...argv) => {
      const { run } = await setUp({ types: ['parcel', 'pallet'] });
      expect(await run(...argv, 'p-1')).toMatchObject({ exitCode: 2, err: expect.stringContaining('parcel, pallet') });
      expect((await run(...argv, 'parcel/p-1')).err).not.toContain('AGGREGATE/ID');
    },
  );
});

describe('outboxctl sweep', () => {
  it('runs the sweeper at the time of now, or the one it is given', async () => {
    const { run, invoked } = await setUp({ answer: { Payload: Buffer.from('{"published":3}') } });
    expect(await run('sweep')).toMatchObject({ exitCode: 0, out: 'published 3' });
    await run('sweep', '--now', '2026-02-01T00:00:00Z');
    expect(invoked.map((input) => String((input as { Payload: Buffer }).Payload))).toEqual([
      '{"now":"2026-01-02T00:00:00.000Z"}',
      '{"now":"2026-02-01T00:00:00.000Z"}',
    ]);
  });

  it('fails when the sweeper does, with what it said', async () => {
    const { run } = await setUp({ answer: { FunctionError: 'Unhandled', Payload: Buffer.from('"the bus is gone"') } });
    expect(await run('sweep')).toMatchObject({ exitCode: 1, err: expect.stringContaining('the bus is gone') });
  });
});

describe('outboxctl reconcile of an event past retention', () => {
  it('tells since when it can have been committed, under --json too', async () => {
    const beganAt = '2025-12-20T00:00:00.000Z';
    const { run } = await setUp({ outbox: [{ ...headRow(1), beganAt }], only: 'labels' });
    expect((await run('reconcile')).out).toContain(`remembers nothing of it (committed at ${beganAt} or later)`);
    const [finding = ''] = (await run('--json', 'reconcile')).out.split('\n');
    expect(JSON.parse(finding)).toMatchObject({ kind: 'lost', consumer: 'labels', notBefore: beganAt });
  });
});

describe('the sweeper that outboxctl runs', () => {
  it.each([['sweep'], ['reconcile', '--repair', '--wait', '0']])(
    'is the version of the alias that the schedule runs, never $LATEST, so that a rollback holds: %s',
    async (...argv) => {
      const { run, invoked } = await setUp({ outbox: lost, answer: { Payload: Buffer.from('{"due":0}') } });
      await run(...argv);
      expect(invoked).toEqual([expect.objectContaining({ FunctionName: 'sweeper', Qualifier: 'live' })]);
    },
  );

  it.each([['sweep'], ['reconcile', '--repair', '--wait', '0']])(
    'is none in a stack that doesn’t say its alias, and nothing is changed: %s',
    async (...argv) => {
      const { run, invoked, outboxRows } = await setUp({ outbox: lost, outputs: { sweeper_alias: undefined } });
      const before = await outboxRows('p-1');
      expect(await run(...argv)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('no output sweeper_alias'),
      });
      expect(invoked).toEqual([]);
      expect(await outboxRows('p-1')).toEqual(before);
    },
  );

  /** An event that was published a day ago, and that nobody has done. */
  const lost: Row[] = [
    headRow(1),
    { ...event1, committedAt: '2026-01-01T00:00:00.000Z', attempts: 0, publishedAt: '2026-01-01T00:00:01.000Z' },
  ];
});

describe('outboxctl over an item that makes no sense', () => {
  const broken = { ...headRow(1), lastSequence: 'one' };

  it.each([
    ['trace', 'p-1'],
    ['skip', 'p-1', '--consumer', 'mails', '--to', '1', '--reason', 'event 1 is lost'],
  ])('names its table, key and attribute: %s', async (...argv) => {
    const { run, table } = await setUp({ outbox: [broken] });
    const err = expect.stringContaining(
      `item parcel#p-1 HEAD of table ${table.tableName}: attribute lastSequence is missing`,
    );
    expect(await run(...argv)).toMatchObject({ exitCode: 1, err });
  });

  it('goes on comparing the others, and counts it', async () => {
    const other = { ...event1, pk: 'parcel#p-2', committedAt: '2026-01-01T00:00:00.000Z', attempts: 0 };
    const { run, table } = await setUp({ outbox: [broken, other], consumer: [{ ...inboxHead, lastEventId: 7 }] });
    const { exitCode, out } = await run('reconcile');
    expect(exitCode).toBe(1);
    expect(out).toContain(`corrupt: parcel/p-1: item parcel#p-1 HEAD of table ${table.tableName}`);
    expect(out).toContain('corrupt: parcel/p-1 at mails: item parcels#parcel#p-1 INBOX');
    expect(out).toContain('orphaned: parcel/p-2 event 1');
  });
});

function setUp(setting: Setting) {
  return operatorLab(local, setting);
}
