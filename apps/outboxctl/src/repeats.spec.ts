import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import * as fc from 'fast-check';
import { forgetsFrom, Memories, OVERLAP_MS, type Retention } from './repeats';
import { operatorLab, type Setting } from './testing/operator-lab';
import { event1, failed, headRow } from './testing/rows';
import { NOW } from './testing/run-verb';
import { lambdaOf, RAISED, stackOf, versionsOf } from './testing/stack';

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

  it('is of unknown age where it was committed by a moved clock that the verb is not told of', async () => {
    const moved = { ...failed, committedAt: '2026-03-01T00:00:00.000Z' };
    const { run, outboxRows } = await setUp({ outbox: [moved] });
    const refused = await run('failed', 'retry', 'p-1', '--sequence', '1');
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('unknown age') });
    expect(await outboxRows('p-1')).toEqual([moved]);
    expect((await run('failed', 'retry', '--all', '--now', '2026-03-05T00:00:00Z')).exitCode).toBe(0);
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

describe('an event that a once consumer would have remembered, had it not been raised later', () => {
  const raised = { outputs: { inbox_retention_days: 90 }, versions: RAISED };

  it('is neither retried nor repaired without consent', async () => {
    const { run, outboxRows } = await setUp({ outbox: [headRow(1), forgotten], ...raised });
    expect((await run('failed', 'retry', 'p-1', '--sequence', '1')).err).toMatch(/60 days old.*labels \(45 days\)/);
    expect((await run('reconcile', '--repair')).out).toMatch(/60 days old.*labels \(45 days\)/);
    expect(await outboxRows('p-1')).toContainEqual(forgotten);
  });

  it('is not lost once the outbox no longer has it', async () => {
    const outbox = [{ ...headRow(1), beganAt: daysAgo(60) }];
    const lost = async (setting: Setting) => {
      const { run } = await setUp({ outbox, only: 'labels', ...raised, ...setting });
      return (
        JSON.parse((await run('--json', 'reconcile')).out.split('\n').at(-1) ?? '') as { findings: { lost: number } }
      ).findings.lost;
    };
    expect(await lost({ versions: versionsOf([200, 90]) })).toBe(1);
    expect(await lost({})).toBe(0);
  });
});

describe('who could repeat an event', () => {
  const event = { aggregate: 'parcel', type: 'ParcelRegistered', committedAt: daysAgo(60) };
  const { labels, mails } = stackOf().consumers;
  const always = versionsOf([200, 90]);

  it('is a once consumer that listens to it and remembers less than its age', async () => {
    const { forgetful, asked } = memories(new Error('nobody asks'));
    expect(await forgetful(event)).toEqual([{ consumer: 'labels', days: 45 }]);
    expect(await forgetful({ ...event, committedAt: daysAgo(13) })).toEqual([]);
    expect(await forgetful({ ...event, aggregate: 'pallet' })).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is judged by what the consumer itself says, where it does', async () => {
    const consumers = { labels: { ...labels, inbox_retention_days: 90 }, mails };
    expect(await memories(always, { consumers }).forgetful(event)).toEqual([]);
  });

  it('is anyone who may listen, of an event that says neither type nor age', async () => {
    const unknown = memories(new Error('nobody asks'));
    expect(await unknown.forgetful({ aggregate: 'parcel' })).toEqual([{ consumer: 'labels', days: 45 }]);
  });

  it('is who remembers it only since it was raised; its versions are asked for once', async () => {
    const { forgetful, asked } = memories(RAISED, { inbox_retention_days: 90 });
    expect(await forgetful(event)).toEqual([{ consumer: 'labels', days: 45 }]);
    expect(await forgetful({ ...event, committedAt: daysAgo(46) })).toHaveLength(1);
    expect(await forgetful({ ...event, committedAt: daysAgo(44) })).toEqual([]);
    // Two pages.
    expect(asked).toEqual(['f-labels', 'f-labels']);
  });

  it('is taken to remember no more than 14 days of what a deleted version did', async () => {
    const left = versionsOf([200, 90], [30, 90]).filter(({ Version }) => Version !== '1');
    const { forgetful } = memories(left, { inbox_retention_days: 90 });
    expect(await forgetful({ ...event, committedAt: daysAgo(28) })).toEqual([]);
    expect(await forgetful({ ...event, committedAt: daysAgo(30) })).toEqual([{ consumer: 'labels', days: 29 }]);
  });

  it.each([
    ['Lambda denies', named('AccessDeniedException')],
    ['there is no such function', named('ResourceNotFoundException')],
    [
      'its environment is denied',
      always.map((one) => ({ ...one, Environment: { Error: { ErrorCode: 'AccessDenied' } } })),
    ],
    ['its environment doesn’t say', always.map((one) => ({ ...one, Environment: {} }))],
  ])('is taken to remember 14 days, which is said once, where %s', async (_where, versions) => {
    const { forgetful, said } = memories(versions);
    expect(await forgetful({ ...event, committedAt: daysAgo(15) })).toEqual([{ consumer: 'labels', days: 14 }]);
    await forgetful({ ...event, committedAt: daysAgo(16) });
    expect(said).toEqual([expect.stringMatching(/labels.* 14 days only; lambda:ListVersionsByFunction on f-labels/)]);
  });

  it('is not known while Lambda is out of order', async () => {
    const { forgetful } = memories(named('ServiceException'));
    await expect(forgetful({ ...event, committedAt: daysAgo(15) })).rejects.toThrow('ServiceException');
  });
});
describe('how long a consumer surely remembers', () => {
  const DAY = 86_400_000;
  const since = (days: number, age: number): Retention => ({ ms: days * DAY, since: NOW - age * DAY });
  const days = (...versions: readonly Retention[]) => forgetsFrom(versions, NOW) / DAY;

  it('is what its only version says, whenever that was published', () => {
    expect(days(since(45, 1))).toBe(45);
    expect(days(since(45, -1))).toBe(45);
    expect(days()).toBe(Infinity);
  });

  it('grows day by day after it was raised, from a day after the version that does so', () => {
    expect(days(since(45, 200), since(90, 7))).toBe(45);
    expect(days(since(45, 200), since(90, 60))).toBe(59);
    expect(days(since(90, 91), since(45, 200))).toBe(90);
  });

  it('is less at once when it was lowered', () => {
    expect(days(since(90, 200), since(45, 7))).toBe(90);
    expect(days(since(90, 200), since(45, 46))).toBe(45);
    // Raised again: what was written meanwhile is gone for good once it is old enough.
    expect(days(since(90, 200), since(30, 70), since(90, 60))).toBe(59);
  });

  it('is the least age that any version which may have been in force then has forgotten', () => {
    const age = fc.integer({ min: -5 * DAY, max: 200 * DAY });
    const version = fc.record({ ms: fc.integer({ min: 15, max: 120 }).map((count) => count * DAY), age });
    const versions = fc.uniqueArray(version, { minLength: 1, maxLength: 6, selector: (one) => one.age });
    fc.assert(
      fc.property(versions, fc.array(age, { minLength: 1 }), (made, tried) => {
        const given = made.map(({ ms, age: ago }) => ({ ms, since: NOW - ago }));
        const answer = forgetsFrom(given, NOW);
        expect(isRemembered(given, answer)).toBe(false);
        for (const each of [...tried, answer - 1, answer / 2]) {
          if (each < answer) expect([each, isRemembered(given, each)]).toEqual([each, true]);
        }
      }),
    );
  });

  /** By the definition: whichever versions may have written it, none of their records of then has expired. */
  function isRemembered(versions: readonly Retention[], ageMs: number): boolean {
    const at = NOW - ageMs;
    const published = versions.filter((version) => version.since <= at);
    const replaced = (version: Retention) =>
      published.some((other) => other.since > version.since && other.since < at - OVERLAP_MS);
    const first = Math.min(...versions.map((version) => version.since));
    const writers = published.length > 0 ? published : versions.filter((version) => version.since === first);
    return writers.filter((version) => !replaced(version)).every(({ ms }) => ageMs < ms);
  }
});

/** Consumers' memories at `NOW`, as told by these versions. */
function memories(versions: Parameters<typeof lambdaOf>[0], outputs: Readonly<Record<string, unknown>> = {}) {
  const { lambda, asked } = lambdaOf(versions);
  const said: string[] = [];
  const context = { lambda: () => lambda, progress: (text: string) => void said.push(text) };
  const all = new Memories(context, stackOf(outputs), NOW);
  return { forgetful: (event: Parameters<typeof all.forgetful>[0]) => all.forgetful(event), asked, said };
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

function daysAgo(days: number): string {
  return new Date(NOW - days * 86_400_000).toISOString();
}

function setUp(setting: Setting) {
  return operatorLab(local, setting);
}
