import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stop } from 'esbuild';
import { FunctionBundle } from './function-bundle.ts';

describe('the bundle of a function under development', () => {
  let root: string;
  let bundle: FunctionBundle;
  const path = (name: string): string => join(root, 'apps', 'api', 'src', name);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'outbox-dev-')));
    write('../tsconfig.json', '{}');
    write('price.ts', 'export const price: number = 1;');
    write('handler.ts', "import { price } from './price'; export const handler = () => price;");
    bundle = await FunctionBundle.of(root, 'api');
  });
  afterAll(async () => {
    await bundle.dispose();
    // esbuild's process would outlive the spec.
    await stop();
    rmSync(root, { recursive: true });
  });

  it('is built again when what it holds changes, and survives what does not compile', async () => {
    expect(await bundle.rebuild()).toMatchObject({ kind: 'changed' });
    expect([bundle.concerns(path('price.ts')), bundle.concerns(path('other.ts'))]).toEqual([true, false]);
    expect(await bundle.rebuild()).toEqual({ kind: 'unchanged' });

    write('price.ts', 'export const price: number = 4711;');
    const rebuilt = await bundle.rebuild();
    expect(rebuilt.kind === 'changed' && Buffer.from(rebuilt.code).toString()).toContain('4711');

    write('price.ts', 'export const price: = 5;');
    expect(await bundle.rebuild()).toEqual({ kind: 'failed', why: expect.stringMatching(/price\.ts:1:20/) });
    // What a broken one is made of isn't known: any file may mend it.
    expect(bundle.concerns(path('other.ts'))).toBe(true);

    write('price.ts', 'export const price: number = 4711;');
    expect(await bundle.rebuild()).toEqual({ kind: 'unchanged' });
    expect(bundle.concerns(path('other.ts'))).toBe(false);
  });

  it('tells whether what it holds was saved since', async () => {
    await bundle.rebuild();
    const times = { 'price.ts': 2_000, 'handler.ts': 1_000, 'other.ts': 5_000 };
    write('other.ts', '');
    for (const [name, time] of Object.entries(times)) utimesSync(path(name), time, time);
    expect([1_000_000, 2_000_000, 2_000_001].map((time) => bundle.wasSavedSince(time))).toEqual([true, true, false]);
  });
});
