import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../../../..');

/** The engine as it is shipped, one bundle in a process of its own, with state nobody else sees. */
export interface EngineProcess {
  readonly origin: string;
  readonly pid: number;
  /** What it has logged so far. */
  readonly log: () => string;
  /** Ends it as the system does when memory is out, and starts it again from the state on disk. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws when the engine ends before it is ready, with what it printed */
export async function startEngineProcess(): Promise<EngineProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'local-cloud-process-'));
  const bundle = join(directory, 'main.js');
  await build({
    entryPoints: [join(__dirname, '..', 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node22',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    logLevel: 'error',
  });
  const state = join(directory, 'state');
  let running = await run(bundle, 0, state);
  const port = Number(new URL(running.origin).port);
  return {
    origin: running.origin,
    get pid() {
      return running.pid;
    },
    log: () => running.log(),
    crashAndRestart: async () => {
      await running.end('SIGKILL');
      running = await run(bundle, port, state);
    },
    stop: async () => {
      await running.end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function run(bundle: string, port: number, directory: string) {
  const child = spawn(process.execPath, [bundle, '--port', String(port), '--directory', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let logged = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (logged += String(chunk)));
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  const origin = /^local cloud ready at (http:\S+)/.exec(printed)?.[1];
  if (origin === undefined || child.pid === undefined) throw new Error(`the engine did not start: ${logged}`);
  return {
    origin,
    pid: child.pid,
    log: () => logged,
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await closed;
    },
  };
}
