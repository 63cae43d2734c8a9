import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** What starts each program of this repository, and the root's `bin` names. */
const LAUNCHERS = Object.values(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly bin: Readonly<Record<string, string>> })
    .bin,
);

/** A clone that holds what a launcher needs, its program one that tells how it was started. */
const PROGRAM = `console.log(JSON.stringify([process.pid, ...process.argv.slice(2)])); process.exitCode = 7`;

describe('the launchers', () => {
  it('are one file, under the name of each program', () => {
    const texts = LAUNCHERS.map((path) => readFileSync(join(ROOT, path), 'utf8'));
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(1);
  });
});

describe('a launcher', () => {
  let clone: string;
  const launcher = () => join(clone, 'apps', 'some-app', 'bin', 'program');
  const program = () => join(clone, 'dist', 'apps', 'some-app', 'main.js');
  const start = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: tmpdir(), encoding: 'utf8' });

  beforeEach(() => {
    clone = realpathSync(mkdtempSync(join(tmpdir(), 'out box-')));
    for (const file of [launcher(), program(), join(clone, 'node_modules', '.bin', 'node')]) {
      mkdirSync(dirname(file), { recursive: true });
    }
    copyFileSync(join(ROOT, String(LAUNCHERS[0])), launcher());
    symlinkSync(process.execPath, join(clone, 'node_modules', '.bin', 'node'));
    writeFileSync(program(), PROGRAM);
  });
  afterEach(() => rmSync(clone, { recursive: true }));

  it('becomes the program: no process in between to end alone', () => {
    const { pid, stdout, status } = start(launcher(), 'verb', 'two words');
    expect([JSON.parse(stdout), status]).toEqual([[pid, 'verb', 'two words'], 7]);
  });

  it('finds its clone through links, as npm and users make them', () => {
    const [relative, absolute] = ['relative', 'absolute'].map((name) => join(clone, 'node_modules', '.bin', name));
    symlinkSync('../../apps/some-app/bin/program', String(relative));
    symlinkSync(String(relative), String(absolute));
    expect(start(String(absolute)).status).toBe(7);
  });

  it('finds its clone through a linked folder, and from the name alone of a link in the current one', () => {
    const folder = join(clone, 'linked');
    symlinkSync(dirname(launcher()), folder);
    expect(start(join(folder, 'program')).status).toBe(7);
    symlinkSync('apps/some-app/bin/program', join(clone, 'o'));
    expect(spawnSync('sh', ['o'], { cwd: clone }).status).toBe(7);
  });

  it('says what to do in a clone without packages', () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    expect(start(launcher())).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`program: its packages are not installed: run 'npm ci' in ${clone}`),
    });
  });
});
