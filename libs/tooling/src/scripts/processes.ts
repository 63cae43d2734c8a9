import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

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

/** Asks a process to end and waits for it; after twenty seconds ends it and everything it started. */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + politeMs;
  while ((await processCommand(pid)) !== '') {
    if (performance.now() > deadline) {
      process.kill(-pid, 'SIGKILL');
      return;
    }
    await delay(pollMs);
  }
}
