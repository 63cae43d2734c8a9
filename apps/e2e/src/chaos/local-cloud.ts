import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalCloud, startProgram } from '@outbox/local-cloud-client';

/** Where a local cloud is that `make` started. */
export interface CrashingCloudOptions {
  readonly port: number;
  /** Where its state is; its pid and log file too. */
  readonly directory: string;
  /** The program, `dist/apps/local-cloud/main.js`. */
  readonly program: string;
}

const READY_MS = 120_000;
const POLL_MS = 100;

/** A local cloud that can lose its power. */
export class CrashingCloud extends LocalCloud {
  constructor(private readonly options: CrashingCloudOptions) {
    super(`http://127.0.0.1:${options.port}`);
  }

  /** Kills it as a power cut would, and starts it again from what is on disk. It outlives this process. */
  async crash(): Promise<void> {
    const { directory, port, program } = this.options;
    const pid = Number(readFileSync(join(directory, 'local-cloud.pid'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await delay(POLL_MS);
    const logFile = join(directory, 'local-cloud.log');
    await startProgram(program, { port, directory, logFile, detached: true, readyWithin: READY_MS });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
