import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { processOf } from './process-groups.cjs';

/** Notes that it runs, and takes a while to install. */
const npm = `
const { appendFileSync, mkdirSync, writeFileSync } = require('fs');
if (process.argv[2] === '--version') return console.log('11.0.0');
appendFileSync('ran', process.pid + '\\n');
setTimeout(() => {
  mkdirSync('node_modules/.bin', { recursive: true });
  writeFileSync('node_modules/.bin/node', '');
  writeFileSync('node_modules/.package-lock.json', '{"packages":{}}');
}, Number(process.env.TAKES));`;

describe('the packages of a clone', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'outbox-clone-'));
    const scripts = join(root, 'libs', 'tooling', 'src', 'scripts');
    mkdirSync(scripts, { recursive: true });
    for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.cjs'))) {
      copyFileSync(join(__dirname, file), join(scripts, file));
    }
    writeFileSync(join(root, 'package.json'), '{"bin":{}}');
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}');
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', 'npm'), `#!${process.execPath}\n${npm}`);
    chmodSync(join(root, 'bin', 'npm'), 0o755);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  interface Ended {
    readonly exitCode: number | null;
    readonly said: string;
  }

  function preflight(takes: number): { readonly process: ChildProcess; readonly ended: Promise<Ended> } {
    const child = spawn(process.execPath, [join(root, 'libs/tooling/src/scripts/preflight.cjs'), 'npm'], {
      env: { PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter), TAKES: String(takes) },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.on('close', (exitCode) => resolve({ exitCode, said })));
    return { process: child, ended };
  }

  const runs = (): readonly string[] => readFileSync(join(root, 'ran'), 'utf8').trim().split('\n');

  it('are installed by one of two commands that come at once', async () => {
    const ended = await Promise.all([preflight(300).ended, preflight(300).ended]);

    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs()).toHaveLength(1);
    expect(ended.map(({ said }) => said).join('')).toMatch(/npm ci \(pid \d+, since .*\) is at work here: waiting/);
  });

  it('are installed again when a crash left the record of them unfinished', async () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{"packages":');

    expect((await preflight(10).ended).exitCode).toBe(0);
    expect(runs()).toHaveLength(1);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('are left as they are, and no npm goes on, after %s', async (signal, exitCode) => {
    const started = preflight(60_000);
    while (!existsSync(join(root, 'ran'))) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-(started.process.pid ?? 0), signal);

    expect(await started.ended).toEqual({
      exitCode,
      said: `npm ci: installing what package-lock.json names\nnpm ci: stopped by ${signal}\n`,
    });
    expect(processOf(Number(runs()[0]))).toBeUndefined();
  });

  it('are installed again after all was killed, and npm is ended before', async () => {
    const started = preflight(60_000);
    while (!existsSync(join(root, 'ran'))) await new Promise((resolve) => setTimeout(resolve, 20));
    // Its npm still has the standard error, so that only its exit is seen.
    const exited = new Promise((resolve) => started.process.on('exit', resolve));
    started.process.kill('SIGKILL');
    await exited;

    expect((await preflight(10).ended).exitCode).toBe(0);
    expect(processOf(Number(runs()[0]))).toBeUndefined();
  });
});
