import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { signal } from './process-groups.cjs';

const pollMs = 50;
const politeMs = 20_000;

/** The command line of a process; empty when there is none. Containers often lack `ps`, macOS lacks /proc. */
export async function processCommand(pid: number): Promise<string> {
  try {
    if (existsSync('/proc/self/cmdline')) {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    }
    return (await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

/** The pids of running processes whose command line is a wanted one. */
export async function processesWhere(isWanted: (command: string) => boolean): Promise<readonly number[]> {
  const found: number[] = [];
  for (const [pid, command] of await commandLines()) {
    if (isWanted(command) && (await isAlive(pid))) found.push(pid);
  }
  return found;
}

async function commandLines(): Promise<readonly (readonly [number, string])[]> {
  if (existsSync('/proc/self/cmdline')) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    return Promise.all(pids.map(async (pid) => [pid, await processCommand(pid)] as const));
  }
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').map((line) => [Number.parseInt(line), line] as const);
}

/** The pids of the running processes that a process has started itself. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const listed = existsSync('/proc/self/stat')
    ? await parentsInProc()
    : (await promisify(execFile)('ps', ['-axo', 'pid=,ppid='])).stdout.split('\n');
  return listed
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

/** Of each process `<pid> <parent's pid>`. */
async function parentsInProc(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? ''}`;
    }),
  );
}

/**
 * Whether any part of a process still runs, and may hold its port. A zombie counts as ended only once its last thread is
 * gone: in a container nobody may ever collect it.
 */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return !existsSync('/proc/self/stat');
    const zombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
    return !zombie || (await readdir(`/proc/${pid}/task`)).length > 1;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** ESRCH: no such process; ENOENT: it went away between two looks. */
function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ESRCH' || code === 'ENOENT';
}

/** Asks a process to end and waits for it; after twenty seconds ends it and everything it started. */
export async function stopProcess(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const deadline = performance.now() + politeMs;
  let asked = true;
  while (await isAlive(pid)) {
    if (asked && performance.now() > deadline) {
      signal(-pid, 'SIGKILL');
      asked = false;
    }
    await delay(pollMs);
  }
}

/** Megabytes of memory that a process has now; 0 when there is none. */
export async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kilobytes =
    status === undefined
      ? await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).then(
          ({ stdout }) => stdout,
          () => '0',
        )
      : (/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? '0');
  return Math.round(Number(kilobytes) / 1024);
}
