import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquire, forgetGroup, noteGroup } from './lock.cjs';
import { membersOf, processOf } from './process-groups.cjs';

describe('a lock of a clone', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outbox-lock-'));
    file = join(folder, 'stack.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const waiting = { command: 'make up', onWait: () => undefined };
  const holder = (fields: object): string =>
    JSON.stringify({
      pid: process.pid,
      command: 'make down',
      since: '2026-01-01T00:00:00.000Z',
      groups: [],
      ...fields,
    });
  const own = processOf(process.pid)?.started;

  it('is one holder’s at a time, and the next is told who has it', async () => {
    const release = await acquire(file, { ...waiting, command: 'make demo' });
    const told: string[] = [];
    let second = 'waits';
    const next = acquire(file, { ...waiting, onWait: (sentence) => told.push(sentence) }).then((give) => {
      second = 'has it';
      give();
    });
    while (told.length === 0) await new Promise(setImmediate);

    expect(told[0]).toMatch(new RegExp(`^make demo \\(pid ${process.pid}, since 20.*\\) is at work here: waiting`));
    expect(second).toBe('waits');
    release();
    await next;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is waited for no longer than allowed', async () => {
    writeFileSync(file, holder({ started: own }));

    await expect(acquire(file, { ...waiting, waitMs: 0 })).rejects.toThrow(
      `make down (pid ${process.pid}, since 2026-01-01T00:00:00.000Z) is at work here, and still is after 0 s`,
    );
    expect(readFileSync(file, 'utf8')).toBe(holder({ started: own }));
  });

  it('is given up when the waiting is stopped', async () => {
    writeFileSync(file, holder({ started: own }));
    const throwIfStopped = (): void => {
      throw new Error('stopped');
    };

    await expect(acquire(file, { ...waiting, throwIfStopped })).rejects.toThrow('stopped');
  });

  it('of a holder that was killed goes to one of those who wait', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.on('close', resolve));
    writeFileSync(file, holder({ pid: gone.pid, started: '1' }));
    let inside = 0;
    let most = 0;

    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const release = await acquire(file, waiting);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise(setImmediate);
        inside -= 1;
        release();
      }),
    );

    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['whose pid is another process’s by now', () => holder({ started: 'at another time' })],
    ['who was killed before it could write its name', () => ''],
  ])('is taken from a holder %s', async (_, text) => {
    writeFileSync(file, text());
    utimesSync(file, 0, 0);

    (await acquire(file, waiting))();
  });

  it('is still there, or another’s, after somebody removed its folder', async () => {
    const release = await acquire(file, waiting);
    rmSync(folder, { recursive: true });
    noteGroup(process.pid);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });

    writeFileSync(file, holder({ pid: 1 }));
    forgetGroup(process.pid);
    release();
    expect(readFileSync(file, 'utf8')).toBe(holder({ pid: 1 }));
  });

  it('is taken only when what its dead holder ran has ended too', async () => {
    const left = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)'], {
      detached: true,
    });
    await new Promise((resolve) => left.stdout.once('data', resolve));
    const group = left.pid ?? 0;
    writeFileSync(
      file,
      holder({ started: 'at another time', groups: [{ pid: group, started: processOf(group)?.started }] }),
    );

    (await acquire(file, waiting))();
    expect(membersOf(group)).toEqual([]);
  });

  it('ends nobody who only has the pid of what its dead holder ran', async () => {
    const other = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)'], {
      detached: true,
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const group = other.pid ?? 0;
    writeFileSync(file, holder({ started: 'at another time', groups: [{ pid: group, started: 'at another time' }] }));

    (await acquire(file, waiting))();
    expect(membersOf(group)).toEqual([group]);
    other.kill('SIGKILL');
  });
});
