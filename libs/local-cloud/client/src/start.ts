import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LocalCloudError } from './local-cloud-error.ts';
import { LocalCloud } from './local-cloud.ts';

/** How a local cloud is started. */
export interface StartOptions {
  /** Port on 127.0.0.1; any free one unless told. */
  readonly port?: number;
  /** Where its state is kept. Unless told it is kept nowhere: it is gone when the local cloud is stopped. */
  readonly directory?: string;
  /** A file that its log is added to; unless told it is lost, but for its end when the start fails. */
  readonly logFile?: string;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Origin of another emulator, for services that the local cloud doesn't have. */
  readonly fallback?: string;
  /** Variables for it; those of this process unless told. */
  readonly environment?: NodeJS.ProcessEnv;
  /** In milliseconds; a minute unless told. */
  readonly readyWithin?: number;
  /** Lets it run on when this process ends: then it doesn't end unless somebody stops it. */
  readonly detached?: boolean;
}

/** The first line that it prints under `--json`. */
interface ReadyLine {
  readonly origin: string;
  readonly pid: number;
}

const READY_MS = 60_000;
const STOP_MS = 15_000;
const SHOWN_LOG = 2_000;

/** A local cloud that this process started. It ends with this process, however that ends. */
export class StartedLocalCloud extends LocalCloud {
  readonly pid: number;
  readonly #child: ChildProcess;

  constructor({ origin, pid }: ReadyLine, child: ChildProcess) {
    super(origin);
    this.pid = pid;
    this.#child = child;
  }

  /**
   * Stops it in order; resolves when it is gone. Calling it again does nothing more.
   * @throws LocalCloudError when it ends with another code than 0
   */
  async stop(): Promise<void> {
    this.#child.ref();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    const code = await ended(this.#child);
    clearTimeout(timer);
    if (code !== 0) throw new LocalCloudError(`the local cloud ended with ${code} instead of 0`);
  }

  /** Kills it as a power cut would; resolves when it is gone. Its directory can be started on again. */
  async kill(): Promise<void> {
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await ended(this.#child);
  }
}

/**
 * Starts the local cloud's program with the Node.js of this process; resolves when it answers AWS calls.
 * @param program the file of the program
 * @throws LocalCloudError with what it printed when it doesn't start
 */
export async function startProgram(program: string, options: StartOptions = {}): Promise<StartedLocalCloud> {
  const { detached = false, readyWithin = READY_MS } = options;
  const log = options.logFile === undefined ? (detached ? 'ignore' : 'pipe') : openSync(options.logFile, 'a');
  const stdio: StdioOptions = [detached ? 'ignore' : 'pipe', 'pipe', log];
  const child = spawn(process.execPath, [program, ...argumentsOf(options)], {
    detached,
    stdio,
    env: options.environment ?? process.env,
  });
  if (typeof log === 'number') closeSync(log);
  let printed = '';
  child.stderr?.on('data', (chunk) => (printed = `${printed}${String(chunk)}`.slice(-SHOWN_LOG)));
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithin);
  const line = await Promise.race([firstLine(child), ended(child)]);
  clearTimeout(timer);
  if (typeof line !== 'string' || !line.startsWith('{')) {
    const where = options.logFile === undefined ? '' : ` Its log: ${options.logFile}`;
    throw new LocalCloudError(`the local cloud did not start (${describeEnd(child)}). ${printed.trim()}${where}`);
  }
  // Nobody who forgot to stop it waits for it; it prints nothing more.
  child.stdout?.destroy();
  for (const handle of [child, child.stdin, child.stderr]) unref(handle);
  return new StartedLocalCloud(JSON.parse(line) as ReadyLine, child);
}

/** A pipe of a child is a socket, which its type doesn't say. */
function unref(handle: object | null): void {
  if (handle && 'unref' in handle && typeof handle.unref === 'function') handle.unref();
}

function argumentsOf({ port = 0, directory, logLevel, fallback, detached = false }: StartOptions): string[] {
  return [
    '--json',
    ...['--port', String(port)],
    ...(logLevel === undefined ? [] : ['--log-level', logLevel]),
    ...(fallback === undefined ? [] : ['--fallback', fallback]),
    // Its standard input is a pipe of this process, and ends with it.
    ...(detached ? [] : ['--end-with-stdin']),
    // At the end: whoever looks for the one with this directory finds it by the end of its command.
    ...(directory === undefined ? ['--ephemeral'] : ['--directory', directory]),
  ];
}

function firstLine({ stdout }: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (stdout) createInterface(stdout).once('line', resolve);
  });
}

/** The exit code, or the signal that ended it. */
function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', () => resolve(null));
  });
}

function describeEnd({ exitCode, signalCode }: ChildProcess): string {
  return signalCode === null ? `exit code ${exitCode ?? 'none'}` : `ended by ${signalCode}`;
}
