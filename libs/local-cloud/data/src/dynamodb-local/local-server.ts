import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { AwsError, type EngineLog } from '@outbox/local-cloud-kernel';
import { DynamoDbLocalError, dynamoDbLocalFolder, javaCommand, javaMissing, NotInstalledError } from './java';
import { launcherClass } from './launcher-class';

export interface LocalServerOptions {
  /** Where its databases are kept, one per account and region. */
  readonly directory: string;
  /** Where the npm package is looked for, one after the other; see `dynamoDbLocalFolder`. */
  readonly resolveFrom: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: EngineLog;
  /** Called each time it answers. */
  readonly onReady?: () => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

const MAX_HEAP = '-Xmx512m';
/** A process that lived shorter than this, in milliseconds, is not started again: it would only die again. */
const STABLE_MS = 10_000;
const STOP_GRACE_MS = 5_000;

/**
 * AWS's DynamoDB Local as a child process on a loopback port, started when it is first called: whoever has no table needs
 * no Java. It ends with this process however that ends, since its
 * standard input then does; when it dies by itself it is started again.
 */
export class LocalServer {
  #running: Promise<Running> | undefined;
  #stopping = false;

  constructor(private readonly options: LocalServerOptions) {}

  /** Resolves when it answers. @throws DynamoDbLocalError saying what is missing. */
  async start(): Promise<void> {
    this.#stopping = false;
    this.#running ??= this.#launch();
    await this.#running;
  }

  /**
   * Starts it where nobody did.
   * @throws AwsError InternalServerError, which clients retry, while there is no server; UnsupportedOperation, which they
   * don't, where what it needs isn't installed
   */
  async port(): Promise<number> {
    if (this.#stopping) throw unavailable('it was stopped');
    const running = (this.#running ??= this.#launch());
    try {
      return (await running).port;
    } catch (error) {
      // Once it is installed the next call finds it.
      if (error instanceof NotInstalledError && this.#running === running) this.#running = undefined;
      throw error instanceof NotInstalledError ? missing(error) : unavailable(messageOf(error), error);
    }
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    if (!running) return;
    running.child.stdin?.end();
    const timer = setTimeout(() => running.child.kill('SIGKILL'), STOP_GRACE_MS);
    await running.gone;
    clearTimeout(timer);
  }

  async #launch(): Promise<Running> {
    const startedAt = performance.now();
    const child = this.#spawn();
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const port = await listening(child, (line) => this.options.log('debug', 'DynamoDB Local', { line }));
    this.options.log('info', 'DynamoDB Local is ready', { port, ms: Math.round(performance.now() - startedAt) });
    this.options.onReady?.();
    void gone.then(() => this.#died(performance.now() - startedAt));
    return { child, port, gone };
  }

  #spawn(): ChildProcess {
    const { directory, environment, resolveFrom } = this.options;
    const folder = dynamoDbLocalFolder(...resolveFrom);
    const launcher = join(directory, 'launcher');
    mkdirSync(launcher, { recursive: true });
    writeFileSync(join(launcher, 'LoopbackLauncher.class'), launcherClass);
    const virtualMachine = [
      MAX_HEAP,
      '-XX:+UseSerialGC',
      // The second compiler would take the processor from the functions for minutes, for a server that mostly waits.
      '-XX:TieredStopAtLevel=1',
      `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
      '-cp',
      [launcher, join(folder, 'DynamoDBLocal.jar')].join(delimiter),
    ];
    // The port is the launcher's affair, but DynamoDB Local insists on a valid one.
    const server = ['LoopbackLauncher', '-port', '8000', '-dbPath', directory, '-disableTelemetry'];
    return spawn(javaCommand(environment), [...virtualMachine, ...server], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // In a group of its own, so that Ctrl-C in a terminal reaches the engine first, which then ends it in order.
      detached: true,
      env: { ...environment },
    });
  }

  #died(livedMs: number): void {
    if (this.#stopping) return;
    const again = livedMs >= STABLE_MS;
    this.options.log('error', 'DynamoDB Local ended by itself', { livedMs: Math.round(livedMs), again });
    this.#running = again
      ? this.#launch()
      : Promise.reject<Running>(new DynamoDbLocalError('DynamoDB Local ended by itself soon after its start.'));
    // Reported to whoever calls next.
    this.#running.catch(() => undefined);
  }
}

/** The port the process says it listens on. @throws DynamoDbLocalError with what it said instead. */
function listening(child: ChildProcess, log: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const read = (line: string): void => {
      const port = /^listening (\d+)$/.exec(line)?.[1];
      if (port) resolve(Number(port));
      else if (said.length < 50) said.push(line);
      log(line);
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', read);
    // Writing to a process that is gone is no fault of its own.
    child.stdin?.on('error', (error) => log(error.message));
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'ENOENT' ? javaMissing('none was found', cause) : new DynamoDbLocalError(cause.message)),
    );
    child.once('close', (code) => {
      const text = said.join('\n');
      const tooOld = /UnsupportedClassVersionError|Unrecognized VM option|Could not create the Java Virtual Machine/;
      reject(
        tooOld.test(text)
          ? javaMissing(`the one found says: ${said[0] ?? ''}`)
          : new DynamoDbLocalError(`DynamoDB Local did not start (exit code ${code}): ${text}`),
      );
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function missing(cause: NotInstalledError): AwsError {
  return new AwsError('UnsupportedOperation', `The local cloud has no tables here: ${cause.message}`, { cause });
}

function unavailable(reason: string, cause?: unknown): AwsError {
  return new AwsError('InternalServerError', `DynamoDB Local does not answer: ${reason}`, { status: 500, cause });
}
