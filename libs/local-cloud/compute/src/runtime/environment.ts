import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterRunning, type Credentials, type Engine } from '@outbox/local-cloud-kernel';
import { runtimeVersionArn } from '../lambda/describe';
import { EnvironmentLog } from './environment-log';
import { exitFailure, reportedFailure, reportedType, spawnFailure, timeoutFailure, type Failure } from './failures';
import { errorPayload, type FunctionTarget, type Invocation, type InvocationResult } from './invocation';
import type { LogTarget } from '../log-stream';
import type { NodeBinary } from './node-binary';
import { RuntimeChannel } from './runtime-channel';
import type { InvocationReport } from './system-log';
import { processVariables } from './variables';
import { INIT_LIMIT_MS, MAX_ANSWER_BYTES } from '../lambda/limits';

export interface EnvironmentOptions {
  readonly id: string;
  readonly target: FunctionTarget;
  readonly node: NodeBinary;
  readonly bootstrapFile: string;
  /** Folders of modules that are found after the function's own. */
  readonly modules: readonly string[];
  readonly credentials: Credentials;
  readonly log: LogTarget;
}

export interface EnvironmentEvents {
  /** It waits for an invocation. */
  ready(): void;
  /** Its process ended; nothing more can be run on it. */
  ended(): void;
}

interface Running {
  readonly invocation: Invocation;
  readonly startedAt: number;
  readonly cancelTimeout: () => void;
  readonly resolve: (result: InvocationResult) => void;
}

/** One process of a function: Lambda's execution environment. Runs one invocation at a time. */
export class Environment {
  readonly #log: EnvironmentLog;
  readonly #process: ChildProcess;
  readonly #channel: RuntimeChannel | undefined;
  readonly #temporary: string;
  readonly #exited: Promise<void>;
  #cancelInit: () => void;
  #startedAt: number;
  #initMs: number | undefined;
  #waits = false;
  #givesWay = false;
  /** It was killed or has ended: what it says now, it said before. */
  #isOver = false;
  #running: Running | undefined;
  #settled: Promise<void> = Promise.resolve();
  #logged: Promise<void> = Promise.resolve();
  #maxMemoryKb = 0;
  #initFailure: Failure | undefined;
  #endedAt = NaN;

  constructor(
    private readonly engine: Engine,
    private readonly options: EnvironmentOptions,
    private readonly events: EnvironmentEvents,
  ) {
    const { target, node } = options;
    this.#temporary = join(engine.directory, 'tmp', options.id);
    mkdirSync(this.#temporary, { recursive: true });
    const taskRoot = join(engine.directory, target.version.code.folder);
    this.#startedAt = engine.clock.now();
    this.#process = spawn(
      node.path,
      [`--max-old-space-size=${Math.round(target.version.memoryMb * 0.9)}`, options.bootstrapFile],
      {
        cwd: taskRoot,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        env: processVariables(target, {
          origin: engine.origin,
          taskRoot,
          runtimeDirectory: join(engine.directory, 'runtime'),
          temporaryDirectory: this.#temporary,
          compileCache: join(engine.directory, 'runtime', 'compile-cache'),
          logStream: options.log.stream,
          credentials: options.credentials,
          clockOffsetMs: engine.clock.offsetMs,
          path: process.env['PATH'] ?? '',
          modules: options.modules,
        }),
      },
    );
    // There is none where the process could not be started.
    const socket = (this.#process.stdio as ChildProcess['stdio'] | undefined)?.[3];
    this.#channel = socket
      ? new RuntimeChannel(socket as Duplex, {
          next: () => this.#onNext(),
          ended: (...how) => this.#onEnd(...how),
        })
      : undefined;
    this.#log = new EnvironmentLog(engine, options.log, target.version, this.#process);
    this.#log.init(`nodejs:${node.version}`, runtimeVersionArn(target.record.region, target.version.runtime));
    const initLimit = INIT_LIMIT_MS + target.version.timeoutSeconds * 1000;
    this.#cancelInit = afterRunning(engine.clock, initLimit, () => {
      this.#initFailure = timeoutFailure(target.version.timeoutSeconds);
      this.kill();
    });
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => this.#onExit(spawnFailure(error)).then(resolve));
      this.#process.once('exit', (code, signal) => this.#onExit(exitFailure(code, signal)).then(resolve));
    });
  }

  get idle(): boolean {
    return this.#waits;
  }

  /** The key its process signs with. */
  get accessKeyId(): string {
    return this.options.credentials.accessKeyId;
  }

  get credentialsExpireAt(): number {
    return this.options.credentials.expiresAt ?? Infinity;
  }

  /** Hands an invocation to the waiting process. Only when `idle`. */
  run(invocation: Invocation): Promise<InvocationResult> {
    if (!this.#waits) throw new Error(`environment ${this.options.id} is busy`);
    this.#waits = false;
    const { version } = this.options.target;
    const timeoutMs = version.timeoutSeconds * 1000;
    const startedAt = this.engine.clock.now();
    this.#log.start(invocation.requestId);
    if (invocation.isBackground) this.#giveWay();
    return new Promise((resolve) => {
      const cancelTimeout = afterRunning(this.engine.clock, timeoutMs, () => this.#timeOut());
      this.#running = { invocation, startedAt, cancelTimeout, resolve };
      this.#channel?.give(
        {
          requestId: invocation.requestId,
          deadlineMs: Math.floor(startedAt + timeoutMs),
          invokedArn: invocation.invokedArn,
          traceId: invocation.traceId || undefined,
          clientContext: invocation.clientContext || undefined,
          clockOffsetMs: this.engine.clock.offsetMs,
        },
        invocation.payload,
      );
    });
  }

  /**
   * Lets functions that somebody waits for go first on this machine's processors, for good: a process may not take its
   * priority back. On AWS neither slows the other down; here an API would be as slow as all that its requests cause. Not
   * the lowest priority: whatever else works on this machine would keep events waiting for as long as it does.
   */
  #giveWay(): void {
    const { pid } = this.#process;
    if (this.#givesWay || pid === undefined) return;
    this.#givesWay = true;
    try {
      setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch (error) {
      // Its process may have ended just now, which `exit` tells.
      const reason = error instanceof Error ? error.message : String(error);
      this.engine.log('debug', 'the priority of a function was not lowered', { pid, reason });
    }
  }

  #onNext(): void {
    if (this.#initMs === undefined) {
      this.#cancelInit();
      this.#initMs = this.engine.clock.now() - this.#startedAt;
    }
    void this.#settled.then(() => {
      if (this.#isOver) return;
      this.#waits = true;
      this.events.ready();
    });
  }

  #onEnd(requestId: string | undefined, payload: Uint8Array, failed: boolean, maxMemoryKb: number): void {
    this.#maxMemoryKb = Math.max(this.#maxMemoryKb, maxMemoryKb);
    if (requestId === undefined) {
      if (this.#initMs === undefined) this.#initFailure = reportedFailure(payload);
      return;
    }
    // What was given up already isn't waited for any more.
    if (this.#running?.invocation.requestId !== requestId) return;
    if (this.engine.faults.strikes('kill-before-answer')) this.kill();
    else if (this.engine.faults.strikes('timeout')) this.#timeOut();
    else this.#answer(payload, failed);
  }

  #answer(payload: Uint8Array, failed: boolean): void {
    if (payload.byteLength > MAX_ANSWER_BYTES) {
      const message = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`;
      this.#fail(reportedFailure(errorPayload('Function.ResponseSizeTooLarge', message)));
    } else if (failed) {
      this.#finish(payload, { status: 'error', errorType: reportedType(payload), exit: undefined });
    } else this.#finish(payload, undefined);
  }

  get hasFailedInit(): boolean {
    return this.#initFailure !== undefined;
  }

  /**
   * Returns the answer to the event this environment was started for, whose init phase failed. To be called during
   * `ended`, and only when `hasFailedInit`.
   */
  failInit(invocation: Invocation): InvocationResult {
    const failure = this.#initFailure;
    if (!failure) throw new Error(`environment ${this.options.id} started well`);
    const durationMs = this.#endedAt - this.#startedAt;
    const logTail = this.#logged.then(() => {
      this.#log.start(invocation.requestId);
      if (failure.status === 'timeout') this.#logTimeout(invocation.requestId);
      return this.#log.end(this.#report(invocation, failure, durationMs, undefined));
    });
    this.#settled = logTail.then(() => undefined);
    return { payload: failure.payload(invocation.requestId), failed: true, durationMs, logTail };
  }

  /** Ends the process at once; whatever it runs fails as a runtime exit. */
  kill(): void {
    this.#isOver = true;
    this.#process.kill('SIGKILL');
  }

  /** Resolves when the process is gone and its log is written. */
  exited(): Promise<void> {
    return this.#exited;
  }

  #timeOut(): void {
    const running = this.#running;
    if (!running) return;
    this.#logTimeout(running.invocation.requestId);
    this.kill();
    this.#fail(timeoutFailure(this.options.target.version.timeoutSeconds));
  }

  #logTimeout(requestId: string): void {
    this.#log.timeout(requestId, this.options.target.version.timeoutSeconds);
  }

  #fail(failure: Failure): void {
    if (this.#running) this.#finish(failure.payload(this.#running.invocation.requestId), failure);
  }

  #finish(payload: Uint8Array, failure: Ending | undefined): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.cancelTimeout();
    const initMs = this.#initMs;
    const durationMs = this.engine.clock.now() - running.startedAt;
    this.#initMs = initMs === undefined ? undefined : NaN;
    const coldMs = initMs === undefined || Number.isNaN(initMs) ? undefined : initMs;
    const logTail = this.#log.end(this.#report(running.invocation, failure, durationMs, coldMs));
    this.#settled = logTail.then(() => undefined);
    running.resolve({ payload, failed: failure !== undefined, durationMs, logTail });
  }

  #report(
    { requestId }: Invocation,
    failure: Ending | undefined,
    durationMs: number,
    initMs: number | undefined,
  ): InvocationReport {
    return {
      requestId,
      durationMs,
      memoryMb: this.options.target.version.memoryMb,
      maxMemoryMb: Math.ceil(this.#maxMemoryKb / 1024),
      initMs,
      status: failure?.status ?? 'success',
      errorType: failure?.errorType,
      exit: failure?.exit,
    };
  }

  async #onExit(failure: Failure): Promise<void> {
    this.#cancelInit();
    this.#isOver = true;
    this.#waits = false;
    this.#endedAt = this.engine.clock.now();
    this.#channel?.close();
    if (this.#running) this.#fail(failure);
    else if (this.#initMs === undefined) this.#initFailure ??= failure;
    this.#logged = this.#logEnd();
    this.events.ended();
    await this.#logged;
    await this.#settled;
    await this.#log.close();
    rmSync(this.#temporary, { recursive: true, force: true });
  }

  /** Writes the process's own last lines and, after them, how its init phase failed. */
  async #logEnd(): Promise<void> {
    await this.#log.close();
    if (!this.#initFailure) return;
    const { status, errorType } = this.#initFailure;
    this.#log.initFailed({ durationMs: this.#endedAt - this.#startedAt, status, errorType });
  }
}

/** How an invocation went wrong, for its report. */
type Ending = Pick<Failure, 'status' | 'errorType' | 'exit'>;
