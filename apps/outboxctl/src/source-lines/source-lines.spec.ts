import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVerb } from '../testing/run-verb';

/** The begin of the bundle is line 12 of the source: "AAWA" is column 0, the first source, 11 lines on, column 0. */
const map = { version: 3, sources: ['apps/mails/src/handler.ts'], names: [], mappings: 'AAWA' };
const BUNDLE = 'mails-0123456789ab.js';
const OTHER = 'mails-ba9876543210.js';

describe('outboxctl source-lines', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'source-lines-'));
    await mkdir(join(folder, 'mails', 'maps'), { recursive: true });
    await writeFile(join(folder, 'mails', 'maps', `${BUNDLE}.map`), JSON.stringify(map));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (lines: readonly string[], { maps = folder, json = true } = {}) =>
    runVerb(
      {
        stack: () => Promise.reject(new Error('no stack is needed')),
        input: async function* () {
          yield* lines;
        },
      },
      [...(json ? ['--json'] : []), 'source-lines', '--maps', maps],
    );

  it.each([
    ['a frame', `    at a (${BUNDLE}:1:5)`, '    at a (apps/mails/src/handler.ts:12:1)'],
    [
      'each of a line of JSON',
      JSON.stringify({ stack: `Error: x\n    at a (${BUNDLE}:1:1)\n    at ${BUNDLE}:1:9` }),
      JSON.stringify({
        stack: 'Error: x\n    at a (apps/mails/src/handler.ts:12:1)\n    at apps/mails/src/handler.ts:12:1',
      }),
    ],
    ['nothing else', '    at b (/var/runtime/index.mjs:1173:29) mails.js:1:1', undefined],
    ['no position that the map lacks', `    at a (${BUNDLE}:0:0)`, undefined],
  ])('translates %s', async (_what, line, translated = line) => {
    expect(await run([line])).toEqual({ exitCode: 0, out: translated, err: '', progress: '' });
  });

  it('gives each frame of a stack trace a line, unless --json is given', async () => {
    const log = JSON.stringify({ stack: `Error: a\\nb\n    at a (${BUNDLE}:1:1)\n    at b` });
    const frames = 'Error: a\\\\nb\n    at a (apps/mails/src/handler.ts:12:1)\n    at b';
    expect((await run([log], { json: false })).out).toBe(`{"stack":"${frames}"}`);
    expect((await run([JSON.stringify(log)], { json: false })).out.split('\n')).toHaveLength(3);
    expect(JSON.parse((await run([log])).out)).toEqual({
      stack: expect.stringContaining('handler.ts:12:1)\n    at b'),
    });
  });

  it('leaves what another build threw, and says so once', async () => {
    const line = `    at a (${OTHER}:1:5)`;
    expect(await run([line, line])).toEqual({
      exitCode: 1,
      out: `${line}\n${line}`,
      err: '',
      progress: expect.stringMatching(`^no source map of ${OTHER}: .*--maps[^\n]*$`),
    });
  });

  it('says where the log comes from and what is missing', async () => {
    expect(await run([], { maps: join(folder, 'none'), json: false })).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--maps'),
    });
    const onTerminal = await runVerb({ stack: () => Promise.reject(new Error('none')) }, ['source-lines']);
    expect(onTerminal).toMatchObject({ exitCode: 2, err: expect.stringContaining('| outboxctl source-lines') });
  });

  it('says which source map can not be read', async () => {
    const cut = 'mails-c0c0c0c0c0c0.js';
    await writeFile(join(folder, `${cut}.map`), '{"version":3,"sour');
    expect(await run([`    at a (${cut}:1:1)`], { json: false })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(`${cut}\\.map`),
    });
    expect(await run([], { maps: join(folder, `${cut}.map`), json: false })).toMatchObject({ exitCode: 2 });
  });

  it('takes no longer for a line that is full of beginnings of a name', async () => {
    const line = 'a-'.repeat(50_000);
    const started = performance.now();
    expect((await run([line])).out).toBe(line);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
