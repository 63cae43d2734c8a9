import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { operatorLab } from '../testing/operator-lab';
import { event1, failed, headRow, type Row } from '../testing/rows';
import { NOW } from '../testing/run-verb';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const pending = (status: string, more: Row = {}): Row => ({
  eventId: 'e-2',
  type: 'ParcelMoved',
  version: 2,
  status,
  attempts: 4,
  firstAttemptAt: ago(300),
  token: 't',
  ...more,
});
const inboxOf = (id: string, row: Row): Row => ({ pk: `parcels#parcel#${id}`, sk: 'INBOX', ...row });

describe('outboxctl stuck', () => {
  it('says that nothing is, and leaves alone what is at work', async () => {
    const atWork = { pending: pending('claimed', { attempts: 1, leaseUntil: ago(-20) }) };
    const done = { firstVersion: 1, lastVersion: 3, lastEventId: 'e-3' };
    const { run } = await operatorLab(local, {
      outbox: [headRow(1), event1],
      consumer: [
        inboxOf('p-1', atWork),
        // What it missed has come since.
        inboxOf('p-2', done),
        { pk: 'parcels#parcel#p-2', sk: 'MISSED', missing: 3, since: ago(60), lookedAt: ago(60) },
      ],
    });
    expect(await run('stuck')).toMatchObject({ exitCode: 0, out: 'nothing is stuck' });
  });

  it('names each event with where, how long and why, and what to do', async () => {
    const { run } = await operatorLab(local, {
      outbox: [headRow(1), failed],
      consumer: [
        inboxOf('p-1', { pending: pending('retrying', { lastError: 'Error: 503' }) }),
        inboxOf('p-2', { pending: pending('dead-lettered', { reason: 'attempts', lastError: 'Error: 500' }) }),
        inboxOf('p-3', { pending: pending('claimed', { leaseUntil: ago(10) }) }),
        { pk: 'parcels#parcel#p-4', sk: 'MISSED', missing: 2, since: ago(7_300), lookedAt: ago(60) },
        inboxOf('p-5', { pending: { status: 'odd' } }),
      ],
      only: 'mails',
    });
    const { exitCode, out } = await run('stuck');
    expect(exitCode).toBe(1);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    // What was broken to fit is one line again.
    expect(out.replaceAll(/\n {8}/g, ' ').split('\n')).toEqual([
      '1 failed: given up by the sweeper (once mended: outboxctl failed retry --all)',
      '  parcel/p-1 event 1 ParcelRegistered for 4 h, attempt 10: published 10 times, never acknowledged',
      '1 held: set aside, later events wait (outboxctl dlq redrive or replay, or skip)',
      '  parcel/p-2 event 2 ParcelMoved at mails for 5 min, attempt 4: attempts: Error: 500',
      '1 gap: missing, later events wait (outboxctl reconcile --repair, or skip)',
      '  parcel/p-4 event 2 at mails for 2 h',
      '1 retrying: failed, and tried again (mend what the consumer needs)',
      '  parcel/p-1 event 2 ParcelMoved at mails for 5 min, attempt 4: Error: 503',
      '1 claimed: an outside call is under way (again once its lease is over)',
      '  parcel/p-3 event 2 ParcelMoved at mails for 5 min, attempt 4',
      '1 corrupt: an item can’t be read (outboxctl reconcile says more)',
      expect.stringMatching(/^ {2}parcel\/p-5 at mails: .*pending.status is missing/),
    ]);
    expect(JSON.parse((await run('--json', 'stuck')).out)).toContainEqual({
      ...{ kind: 'gap', aggregate: 'parcel', id: 'p-4', consumer: 'mails', sequence: 2, since: ago(7_300) },
    });
  });

  it('shows some of each kind', async () => {
    const rows = [1, 2, 3].map((n) => inboxOf(`p-${n}`, { pending: pending('dead-lettered') }));
    const { run } = await operatorLab(local, {
      consumer: rows,
      only: 'labels',
    });
    expect((await run('stuck', '--limit', '2')).out).toMatch(
      /^3 dead: .*redrive, or replay\)[^]* and 1 more \(--limit 0 lists all\)$/,
    );
    expect((await run('stuck', '--limit', '0')).out.split('\n')).toHaveLength(4);
  });
});
