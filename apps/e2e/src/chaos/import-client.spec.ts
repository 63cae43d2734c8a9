import { seededRandom, type Random } from '@outbox/testing';
import { ImportClient, type ImportPort } from './import-client';
import type { ImportedOrder, ImportReply } from './import-job';
import { isLegal } from './order-status';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

/** The job in memory, which now and then does its work and says nothing of it. */
function fakeJob(random: Random) {
  let order: ImportedOrder | undefined;
  const committed: { readonly name: string; readonly events: number; readonly after: number }[] = [];
  const job: ImportPort = {
    read: () => (random.chance(0.1) ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve(order)),
    run: async ({ before, place, changes, correlationId }) => {
      await Promise.resolve();
      const head = order?.version ?? 0;
      const after = before?.version ?? 0;
      if (after !== head) return { kind: 'conflict', lastSequence: head };
      let status = before?.status ?? 'PLACED';
      for (const change of changes) {
        if (!isLegal(status, change)) return { kind: 'refused' };
        status = change.status ?? status;
      }
      const events = changes.length + (place ? 1 : 0);
      order = { version: head + events, status };
      committed.push({ name: correlationId, events, after });
      const reply: ImportReply = { kind: 'committed', sequence: order.version, order };
      return random.chance(0.2) ? (random.chance(0.5) ? { kind: 'busy' } : undefined) : reply;
    },
  };
  return { job, committed };
}

describe('ImportClient', () => {
  it('commits one to three legal steps at a time, and tells how each commit ended', async () => {
    const sizes = new Set<number>();
    const outcomes = new Set<string>();
    for (const seed of SEEDS) {
      const { job, committed } = fakeJob(seededRandom(seed, 1));
      const client = new ImportClient(job, seededRandom(seed), `c-${seed}`, () => Promise.resolve());
      const { told, findings } = await client.run();
      expect(findings).toEqual([]);
      if (told.kind !== 'imports') throw new Error('an import client tells of imports');
      expect(new Set(told.imports.map(({ name }) => name)).size).toBe(told.imports.length);
      for (const { name, after, events, outcome, isUncertain } of told.imports) {
        const did = committed.find((one) => one.name === name);
        // Without an answer it meets its own commit as a conflict.
        expect(did !== undefined).toBe(outcome.kind === 'committed' || (isUncertain && did !== undefined));
        if (did) expect(did).toEqual({ name, after, events });
        sizes.add(events);
        outcomes.add(outcome.kind + (isUncertain ? '?' : ''));
      }
      expect(committed.length).toBeGreaterThan(0);
    }
    expect(sizes).toEqual(new Set([1, 2, 3]));
    expect(outcomes).toEqual(new Set(['committed', 'conflict', 'conflict?']));
  });

  it('says so when a commit is never told how it ended, and goes on', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
    try {
      const { job } = fakeJob(seededRandom(1));
      const deaf: ImportPort = {
        ...job,
        run: (request) => (request.before ? Promise.resolve(undefined) : job.run(request)),
      };
      const { findings } = await new ImportClient(deaf, seededRandom(2), 'c', () => Promise.resolve()).run();
      expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['stuck']));
    } finally {
      clock.mockRestore();
    }
  });
});
