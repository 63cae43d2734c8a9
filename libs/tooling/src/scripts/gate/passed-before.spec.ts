import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { readPassedBefore } from './passed-before.ts';

const passed = { passed: 7, failed: 0, output: '' };

describe('what passed before', () => {
  let settings: Settings;
  const write = (name: string, content: string): void => writeFileSync(join(settings.root, name), content);
  const read = (tools = ['Node 22']) => readPassedBefore(settings, tools);
  const recalled = (stage = 'unit') => read().recall(stage);

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'outbox-gate-'));
    settings = { root, localDirectory: join(root, '.local'), home: root, port: 1, environment: { PATH: '/bin' } };
    execFileSync('git', ['init', '-q', root]);
    write('.gitignore', '.local\n');
    write('a.ts', '1');
  });
  afterEach(() => rmSync(settings.root, { recursive: true }));

  it('counts again what it counted, for as long as nothing changes', () => {
    expect(recalled()).toBeUndefined();
    read().note('unit', passed);
    read().note('lint', { ...passed, passed: 1 });

    expect([recalled(), recalled('lint'), recalled('types')]).toEqual([passed, { ...passed, passed: 1 }, undefined]);
  });

  it.each<[string, () => void]>([
    ['another content of a file', () => write('a.ts', '2')],
    ['a new file', () => write('b.ts', '1')],
    ['a deleted file', () => rmSync(join(settings.root, 'a.ts'))],
    ['another variable', () => (settings = { ...settings, environment: { ...settings.environment, SEED: '2' } })],
    ['FORCE', () => (settings = { ...settings, environment: { ...settings.environment, FORCE: '1' } })],
    ['what Git can’t list', () => rmSync(join(settings.root, '.git'), { recursive: true })],
  ])('doesn’t count with %s', (_, change) => {
    read().note('unit', passed);
    change();
    expect(recalled()).toBeUndefined();
  });

  it('doesn’t count with another version of a tool', () => {
    read().note('unit', passed);
    expect(read(['Node 24']).recall('unit')).toBeUndefined();
  });

  it('counts in another terminal too, and after FORCE ran it again', () => {
    const { environment } = settings;
    settings = { ...settings, environment: { ...environment, FORCE: '1' } };
    read().note('unit', passed);
    settings = { ...settings, environment: { ...environment, TERM: 'xterm', SHLVL: '3', OLDPWD: '/' } };
    expect(recalled()).toEqual(passed);
  });

  it('counts again once a change is taken back', () => {
    read().note('unit', passed);
    write('a.ts', '2');
    expect(recalled()).toBeUndefined();
    write('a.ts', '1');
    expect(recalled()).toEqual(passed);
  });

  it('is neither what failed, nor what left something out, nor what files changed under', () => {
    const before = read();
    before.note('unit', { ...passed, failed: 1 });
    before.note('lint', { ...passed, notRun: ['not run: a browser'] });
    write('a.ts', '2');
    before.note('types', passed);

    expect([recalled(), recalled('lint'), recalled('types')]).toEqual([undefined, undefined, undefined]);
  });
});
