import type { ChildProcess } from 'node:child_process';
import type { Engine } from '@outbox/local-cloud-kernel';
import type { VersionRecord } from '../lambda/model';
import { LogLines } from './log-lines';
import { LogStream, type LogTarget } from '../log-stream';
import { systemLog, type InitFailureReport, type InvocationReport, type SystemLog } from './system-log';
import { TAIL_BYTES } from '../lambda/limits';

/** How long the output of an ended process is read at most, in engine milliseconds. */
const LAST_LINES_MS = 2000;

/** An environment's log: the process's own lines between Lambda's START, END and REPORT, in order. */
export class EnvironmentLog {
  readonly #stream: LogStream;
  readonly #system: SystemLog;
  readonly #lines: readonly LogLines[];
  readonly #version: string;
  #tail = '';

  constructor(
    private readonly engine: Engine,
    target: LogTarget,
    version: VersionRecord,
    child: ChildProcess,
  ) {
    this.#stream = new LogStream(engine, target);
    this.#system = systemLog(version.logging);
    this.#version = version.version;
    this.#lines = [child.stdout, child.stderr].flatMap((stream) =>
      stream ? [new LogLines(stream, (message) => this.#write(message))] : [],
    );
  }

  init(runtimeVersion: string, runtimeVersionArn: string): void {
    this.#write(this.#system.init(this.engine.clock.now(), runtimeVersion, runtimeVersionArn));
  }

  initFailed(report: InitFailureReport): void {
    this.#write(this.#system.initFailed(this.engine.clock.now(), report));
  }

  start(requestId: string): void {
    this.#tail = '';
    this.#write(this.#system.start(this.engine.clock.now(), requestId, this.#version));
  }

  timeout(requestId: string, timeoutSeconds: number): void {
    this.#write(this.#system.timeout(this.engine.clock.now(), requestId, timeoutSeconds));
  }

  /** Waits for the function's last line, writes END and REPORT; answers the log's tail. */
  async end(report: InvocationReport): Promise<string> {
    await Promise.all(this.#lines.map((lines) => lines.drained(report.requestId)));
    for (const line of this.#system.end(this.engine.clock.now(), report)) this.#write(line);
    return this.#tail;
  }

  /** Reads what an ended process left and stores it; a child of that process may hold its output open no longer. */
  async close(): Promise<void> {
    const giveUp = new AbortController();
    const read = Promise.all(this.#lines.map((lines) => lines.closed()));
    await Promise.race([read, this.engine.clock.sleep(LAST_LINES_MS, giveUp.signal)]);
    giveUp.abort();
    for (const lines of this.#lines) lines.destroy();
    await this.#stream.flush();
  }

  #write(message: string | undefined): void {
    if (message === undefined) return;
    this.#stream.write(message);
    const tail = Buffer.from(`${this.#tail}${message}\n`);
    this.#tail = tail.subarray(Math.max(0, tail.length - TAIL_BYTES)).toString('utf8');
  }
}
