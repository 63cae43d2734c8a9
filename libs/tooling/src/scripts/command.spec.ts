import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { membersOf } from './process-groups.cjs';

/** A command of make in small: it handles signals, runs one program, and tells what became of it. */
const command = (call: string): string => `
import { runAttached, runCommand } from ${JSON.stringify(join(__dirname, 'command.ts'))};
import { handleSignals } from ${JSON.stringify(join(__dirname, 'interruption.ts'))};
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
handleSignals();
const options = { cwd: '.', environment: process.env, log: process.env.LOG, onLine: (line) => console.log(line) };
try {
  await ${call};
} catch (error) {
  console.log(error.name, error.message);
  process.exitCode = error.exitCode;
} finally {
  console.log('tidied up');
}`;

const node = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', '--input-type=module'];

/** Needs 300 ms to end, prints meanwhile more than a pipe holds, and then writes how often it was asked. */
const slowToEnd = `
let asked = [];
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {
  asked.push(name);
  if (asked.length === 1) setTimeout(() => {
    for (let line = 0; line < 4000; line += 1) console.log('state of resource', line);
    require('fs').writeFileSync(process.env.STATE, asked.join(' '));
    clearInterval(working);
  }, 300);
});
console.log('ready', process.pid);
const working = setInterval(() => undefined, 1000);`;

/** Doesn't care for being asked, and has a program of its own that doesn't either. */
const stubborn = `
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);
if (process.argv[2] !== 'second') require('child_process').spawn(process.execPath, [__filename, 'second'], { stdio: 'inherit' });
else console.log('ready', process.ppid);
setInterval(() => undefined, 1000);`;

/** Ends when it is asked; what it started needs longer for it, and nobody reads what that says. */
const withChild = `
const slow = 'process.on("SIGTERM", () => setTimeout(process.exit, 300)); console.log(1); setInterval(() => undefined, 1000)';
const child = require('child_process').spawn(process.execPath, ['-e', slow]);
child.stdout.once('data', () => console.log('ready', process.pid));`;

jest.setTimeout(60_000);

describe('a program that a command of make runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outbox-command-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const state = (): string => join(folder, 'state');

  interface Started {
    readonly process: ChildProcess;
    /** Resolves when the program is ready, with its pid. */
    readonly ready: Promise<number>;
    readonly said: () => string;
    readonly ended: Promise<number | null>;
  }

  /** Runs `name` under a command, both as a shell would: the command leads a process group that Ctrl-C goes to. */
  function start(name: string, code: string, call = `runCommand(process.env.PROGRAM, [], options)`): Started {
    const program = join(folder, name);
    writeFileSync(program, `#!${process.execPath}\n${code}`);
    chmodSync(program, 0o755);
    const child = spawn(process.execPath, [...node, '-e', command(call)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PROGRAM: program, STATE: state(), LOG: join(folder, 'log') },
      detached: true,
    });
    let said = '';
    const ready = new Promise<number>((resolve) => {
      const read = (chunk: Buffer): void => {
        said += chunk.toString();
        const pid = /^ready (\d+)$/m.exec(said)?.[1];
        if (pid !== undefined) resolve(Number(pid));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { process: child, ready, said: () => said, ended };
  }

  const toGroup = ({ process: { pid = 0 } }: Started, name: NodeJS.Signals): boolean => process.kill(-pid, name);

  it.each([
    ['Ctrl-C in the terminal', 'SIGINT', 130],
    ['a terminal that is closed', 'SIGHUP', 129],
    ['SIGTERM to all', 'SIGTERM', 143],
  ] as const)('is asked once, and its state and its last words are kept: %s', async (_, name, exitCode) => {
    const started = start('terraform', slowToEnd);
    await started.ready;
    toGroup(started, name);

    expect(await started.ended).toBe(exitCode);
    expect(readFileSync(state(), 'utf8')).toBe('SIGINT');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toMatch(/state of resource 3999\n$/);
    expect(started.said()).toContain(`${name}: stopping, when terraform has ended and written its state;`);
    expect(started.said()).toMatch(new RegExp(`InterruptedError stopped by ${name}\ntidied up\n$`));
  });

  it('ends in order though nobody reads any more what the command says', async () => {
    const started = start('terraform', slowToEnd);
    await started.ready;
    started.process.stdout?.destroy();
    started.process.stderr?.destroy();
    toGroup(started, 'SIGHUP');

    expect(await started.ended).toBe(129);
    expect(readFileSync(state(), 'utf8')).toBe('SIGINT');
  });

  it('ends with all that it started', async () => {
    const started = start('nx', withChild);
    const group = await started.ready;
    expect(membersOf(group)).toHaveLength(2);
    toGroup(started, 'SIGTERM');

    expect(await started.ended).toBe(143);
    expect(membersOf(group)).toEqual([]);
  });

  it('is killed with all that it started at the second Ctrl-C', async () => {
    const started = start('nx', stubborn);
    const group = await started.ready;
    toGroup(started, 'SIGINT');
    // What comes at once is taken for the same Ctrl-C: only a later one counts.
    const again = setInterval(() => toGroup(started, 'SIGINT'), 400);
    const exitCode = await started.ended;
    clearInterval(again);

    expect(exitCode).toBe(130);
    expect(membersOf(group)).toEqual([]);
  });

  it('on the terminal is ended with the command, which then tidies up', async () => {
    const call = `runAttached(process.env.PROGRAM, [], options)`;
    const started = start('jest', withChild, call);
    const group = await started.ready;
    started.process.kill('SIGTERM');

    expect(await started.ended).toBe(143);
    expect(membersOf(group)).toEqual([]);
    expect(started.said()).toMatch(/InterruptedError stopped by SIGTERM\ntidied up\n$/);
  });

  it('is ended when what it works on is gone, and the reason is told', async () => {
    const call = `runCommand(process.env.PROGRAM, [], { ...options, abort: AbortSignal.abort(new Error('too late')) })`;
    expect(await start('terraform', slowToEnd, call).ended).toBe(0);
    expect(existsSync(state())).toBe(false);

    const later = `(() => {
      const controller = new AbortController();
      const onLine = () => controller.abort(new Error('the local cloud is gone'));
      return runCommand(process.env.PROGRAM, [], { ...options, onLine, abort: controller.signal });
    })()`;
    const started = start('terraform', slowToEnd, later);
    await started.ended;

    expect(started.said()).toContain('Error the local cloud is gone\n');
    expect(readFileSync(state(), 'utf8')).toBe('SIGINT');
  });
});

describe('Terraform', () => {
  it('keeps what it made when it is stopped in the middle of an apply', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-terraform-'));
    const main = `
resource "terraform_data" "made" {}
resource "terraform_data" "waited_for" {
  depends_on = [terraform_data.made]
  provisioner "local-exec" { command = "echo ready 1; exec sleep 60" }
}`;
    writeFileSync(join(folder, 'main.tf'), main);
    const run = (args: string): string =>
      `runCommand('terraform', [${args}, '-no-color'], { ...options, cwd: ${JSON.stringify(folder)} })`;
    const call = `${run(`'init'`)}; await ${run(`'apply', '-auto-approve'`)}`;
    const child = spawn(process.execPath, [...node, '-e', command(call)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CHECKPOINT_DISABLE: '1', LOG: join(folder, 'log') },
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (!said.includes('ready 1') && (said += chunk.toString()).includes('ready 1'))
        process.kill(-(child.pid ?? 0), 'SIGINT');
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    const { resources } = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')) as {
      resources: readonly { name: string; instances: readonly { status?: string }[] }[];
    };
    rmSync(folder, { recursive: true });

    expect(exitCode).toBe(130);
    expect(resources.map(({ name, instances }) => [name, instances[0]?.status])).toEqual([
      ['made', undefined],
      ['waited_for', 'tainted'],
    ]);
  });
});
