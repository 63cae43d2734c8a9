import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { forgetfulOf } from './repeats';
import { operatorLab, type Setting } from './testing/operator-lab';
import { event1, failed, headRow } from './testing/rows';
import { stackOf } from './testing/stack';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

/** 60 days before the verbs run: `labels`, which does each event once, remembers 45. */
const forgotten = { ...failed, committedAt: '2025-11-03T00:00:00.000Z', failedAt: '2025-11-04T00:00:00.000Z' };

describe('an event that a once consumer may have done and forgotten', () => {
  const named = expect.stringMatching(/parcel\/p-1 event 1.*60 days old.*labels \(45 days\)/);

  it('is not retried unless an operator says so', async () => {
    const { run, outboxRows } = await setUp({ outbox: [forgotten] });
    const retry = ['failed', 'retry', 'p-1', '--sequence', '1'];
    const refused = await run(...retry);
    expect(refused).toMatchObject({ exitCode: 1, err: named });
    expect(refused.err).toContain('--accept-repeats');
    expect(await outboxRows('p-1')).toEqual([forgotten]);
    expect((await run(...retry, '--accept-repeats')).exitCode).toBe(0);
    expect((await outboxRows('p-1'))[0]).toMatchObject({ attempts: 0, dueAt: '2026-01-02T00:00:00.000Z' });
  });

  it('is judged by the time of a cloud whose clock was moved', async () => {
    const { run, outboxRows } = await setUp({ outbox: [failed] });
    const later = await run('failed', 'retry', '--all', '--now', '2026-03-05T00:00:00Z');
    expect(later).toMatchObject({ exitCode: 1, progress: expect.stringContaining('63 days old') });
    expect(await outboxRows('p-1')).toEqual([failed]);
  });

  it('is left failed by --all, which retries the others', async () => {
    const { run, outboxRows } = await setUp({ outbox: [forgotten, { ...failed, pk: 'parcel#p-2' }] });
    const { exitCode, out, progress } = await run('failed', 'retry', '--all');
    expect({ exitCode, progress }).toEqual({ exitCode: 1, progress: named });
    expect(out).toMatch(/^1 due again.*; 1 left failed: --accept-repeats/);
    expect(await outboxRows('p-1')).toEqual([forgotten]);
    expect((await outboxRows('p-2'))[0]).not.toHaveProperty('failedAt');
    expect(JSON.parse((await run('--json', 'failed', 'retry', '--all')).out)).toEqual({
      retried: [],
      left: [{ aggregate: 'parcel', id: 'p-1', sequence: 1 }],
    });
  });

  it.each([
    ['failed', forgotten],
    ['late', { ...event1, committedAt: forgotten.committedAt, attempts: 3, dueAt: '2025-11-04T00:00:00.000Z' }],
    ['lost', { ...event1, committedAt: forgotten.committedAt, attempts: 3, publishedAt: '2025-11-04T00:00:00.000Z' }],
  ])('is not repaired where it is %s, unless an operator says so', async (kind, event) => {
    const answer = { Payload: Buffer.from('{"due":0}') };
    const { run, outboxRows } = await setUp({ outbox: [headRow(1), event], answer });
    const repair = ['reconcile', '--repair', '--wait', '0'];
    const { exitCode, out } = await run(...repair);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: named });
    expect(out).toContain('1 not published again (--accept-repeats');
    expect((await outboxRows('p-1'))[0]).toEqual(event);
    const lines = (await run('--json', ...repair)).out.split('\n').map((line) => JSON.parse(line) as unknown);
    expect(lines[0]).toMatchObject({ kind, couldRepeat: ['labels'] });
    expect(lines.at(-1)).toMatchObject({ repaired: 0, withheld: 1 });
    await run(...repair, '--accept-repeats');
    expect((await outboxRows('p-1'))[0]).toMatchObject({ attempts: 0, dueAt: '2026-01-02T00:00:00.000Z' });
  });

  it('is everything where the stack doesn’t say how long consumers remember', async () => {
    const { run } = await setUp({ outbox: [failed], outputs: { inbox_retention_days: undefined } });
    expect(await run('failed', 'retry', 'p-1', '--sequence', '1')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('no output inbox_retention_days'),
    });
  });
});

describe('who could repeat an event', () => {
  const now = Date.UTC(2026, 0, 2);
  const event = { aggregate: 'parcel', type: 'ParcelRegistered', committedAt: '2025-11-03T00:00:00.000Z' };
  const { labels, mails } = stackOf().consumers;

  it('is a once consumer that listens to it and remembers less than its age', () => {
    expect(forgetfulOf(stackOf(), event, now)).toEqual([{ consumer: 'labels', days: 45 }]);
    expect(forgetfulOf(stackOf(), { ...event, committedAt: '2025-11-19T00:00:00.000Z' }, now)).toEqual([]);
    expect(forgetfulOf(stackOf(), { ...event, aggregate: 'pallet' }, now)).toEqual([]);
  });

  it('is judged by what the consumer itself says, where it does', () => {
    const consumers = { labels: { ...labels, inbox_retention_days: 90 }, mails };
    expect(forgetfulOf(stackOf({ consumers }), event, now)).toEqual([]);
  });

  it('is anyone who may listen, of an event that says neither type nor age', () => {
    expect(forgetfulOf(stackOf(), { aggregate: 'parcel' }, now)).toEqual([{ consumer: 'labels', days: 45 }]);
  });
});

function setUp(setting: Setting) {
  return operatorLab(local, setting);
}
