import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outboxProbes } from './probes/outbox-probes';
import { parkingProbes } from './probes/parking-probes';
import { Refuted } from './probes/probe';
import { runProbes, verdictOf } from './probes/run-probes';
import { Workbench } from './probes/workbench';
import { root } from './support/target';

const ids = [...outboxProbes, ...parkingProbes].map(({ id }) => id);

describe('what is assumed of AWS', () => {
  it('is listed, each assumption with its probe', () => {
    const listed = readFileSync(join(root, 'docs', 'assumptions.md'), 'utf8').matchAll(/^\| `([a-z-]+)`/gm);
    expect([...listed].map(([, id]) => id)).toEqual(ids);
  });

  it('holds for the local cloud, and probes leave nothing behind', async () => {
    const bench = await Workbench.open(`probe-${Date.now().toString(36)}`, join(__dirname, 'probes', 'functions'));
    const results = await runProbes(bench, () => undefined);
    expect(results).toEqual(ids.map((id) => ({ id, verdict: 'PASS', seen: expect.any(String) })));
  }, 240_000);

  it('fails when AWS does otherwise, and is an error when that could not be found out', async () => {
    const refuted = { id: 'a', run: () => Promise.reject(new Refuted('detail is a string')) };
    expect(await verdictOf(refuted, Promise.resolve({}))).toEqual({
      id: 'a',
      verdict: 'FAIL',
      seen: 'detail is a string',
    });
    const lab = Promise.reject(new Error('no such role'));
    expect(await verdictOf({ id: 'b', run: async () => '' }, lab)).toEqual({
      id: 'b',
      verdict: 'ERROR',
      seen: 'no such role',
    });
  });
});
