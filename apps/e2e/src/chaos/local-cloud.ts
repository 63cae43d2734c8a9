import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface LocalCloudOptions {
  readonly port: number;
  /** Where its state is; its pid and log file too. */
  readonly directory: string;
  /** The program, `dist/apps/local-cloud/main.js`. */
  readonly program: string;
}

export type FaultCounts = Readonly<Record<string, number>>;

const READY_MS = 120_000;
const POLL_MS = 100;

/** The local cloud from outside: its clock, its faults, its process. */
export class LocalCloud {
  readonly #origin: string;

  constructor(private readonly options: LocalCloudOptions) {
    this.#origin = `http://127.0.0.1:${options.port}`;
  }

  /** Engine time, epoch milliseconds. */
  async now(): Promise<number> {
    return Date.parse(String((await this.#ask('GET', 'clock'))['now']));
  }

  async advance(ms: number): Promise<void> {
    await this.#ask('POST', 'clock', { advanceMs: ms });
  }

  /** Switches faults on; the engine counts them from zero. */
  async startFaults(seed: number, rates: Readonly<Record<string, number>>): Promise<void> {
    await this.#ask('POST', 'faults', { seed, rates });
  }

  /** Switches faults off and answers how many there were since they were switched on. */
  async stopFaults(): Promise<FaultCounts> {
    return (await this.#ask('DELETE', 'faults'))['counts'] as FaultCounts;
  }

  async faultCounts(): Promise<FaultCounts> {
    return (await this.#ask('GET', 'faults'))['counts'] as FaultCounts;
  }

  /** Kills the engine as a power cut would, and starts it again from what is on disk. */
  async crash(): Promise<void> {
    const { directory, port, program } = this.options;
    const pid = Number(readFileSync(join(directory, 'local-cloud.pid'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await delay(POLL_MS);
    const log = openSync(join(directory, 'local-cloud.log'), 'a');
    const child = spawn(process.execPath, [program, '--port', String(port), '--directory', directory], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    let ended: string | undefined;
    child.on('error', (error) => (ended = error.message));
    child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? `exit ${code}`}`));
    const deadline = performance.now() + READY_MS;
    while (!(await this.#isReady())) {
      if (ended !== undefined || performance.now() > deadline) {
        throw new Error(`the local cloud did not start again: ${ended ?? 'not ready in time'}, see its log`);
      }
      await delay(POLL_MS);
    }
    child.unref();
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.#origin}/_local/health`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${this.#origin}/_local/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_local/${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
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
