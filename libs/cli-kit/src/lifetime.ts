import type { Writable } from 'node:stream';

/** The process as far as its end is concerned; specs bring their own. */
export interface Host {
  readonly stdout: Writable;
  readonly stderr: Writable;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(exitCode: number): void;
}

/** POSIX numbers of the signals that ask a program to end; a shell shows 128 more as the exit code. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** What a shell shows of a program that SIGPIPE ended: Node ignores that signal and reports EPIPE. */
const NOBODY_READS = 128 + 13;
/** ECMA-48: back to the line's begin, and erase to its end. */
const CLEAR_LINE = '\r\u001b[K';
/** Erase all of it, and go to its begin. */
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/**
 * When and how the program ends before it is done: by a signal, or because its output can't be written. A command that
 * only reads ends at once. What changes something runs under `protect` and is told to stop by its signal, so that it can
 * finish what it has in hand and say what was done; a second signal ends that too. A closed output stops no change: it
 * is finished first.
 */
export class Lifetime {
  readonly #stop = new AbortController();
  #protected = 0;
  #exitCode: number | undefined;
  #hasStatus = false;

  /** @param complain told once, in words, why the output can't be written */
  constructor(
    private readonly program: string,
    private readonly host: Host,
    complain: (error: Error) => void,
  ) {
    for (const [signal, number] of Object.entries(SIGNALS)) {
      host.on(signal as keyof typeof SIGNALS, () => this.#interrupt(128 + number));
    }
    host.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && this.#exitCode === undefined) complain(error);
      this.#end(error.code === 'EPIPE' ? NOBODY_READS : 1);
    });
    // Progress and complaints that nobody can read change nothing.
    host.stderr.on('error', () => undefined);
  }

  readonly print = (text: string): void => {
    this.#clearStatus();
    this.host.stdout.write(`${text}\n`);
  };

  /** Empties the screen: for terminals only. */
  readonly clear = (): void => {
    this.#clearStatus();
    this.host.stdout.write(CLEAR_SCREEN);
  };

  readonly progress = (text: string): void => {
    this.#clearStatus();
    this.host.stderr.write(`${text}\n`);
  };

  /** Shows one line in the place of the one before, until something else is written: for terminals only. */
  readonly status = (text: string): void => {
    this.#hasStatus = true;
    this.host.stderr.write(`${CLEAR_LINE}${text}`);
  };

  /** Lets `work` come to an end of its own when the program is asked to end; `stop` says that it is. */
  async protect<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    this.#protected += 1;
    try {
      return await work(this.#stop.signal);
    } finally {
      this.#protected -= 1;
    }
  }

  /** Whoever started the program is gone: as SIGTERM, unless the program is about to end already. */
  orphaned(): void {
    if (!this.#stop.signal.aborted) this.#interrupt(128 + SIGNALS.SIGTERM);
  }

  /** The exit code of a run that came to its end with `exitCode`. */
  exitCodeAfter(exitCode: number): number {
    return this.#exitCode ?? exitCode;
  }

  /** Ends the process as soon as its output is written: calls that nobody waits for any more must not keep it. */
  end(exitCode: number): void {
    const { stdout, stderr } = this.host;
    this.#clearStatus();
    stdout.write('', () => stderr.write('', () => this.host.exit(this.exitCodeAfter(exitCode))));
  }

  #clearStatus(): void {
    if (this.#hasStatus) this.host.stderr.write(CLEAR_LINE);
    this.#hasStatus = false;
  }

  #interrupt(exitCode: number): void {
    const again = this.#stop.signal.aborted;
    this.#exitCode = exitCode;
    if (again || this.#protected === 0) return this.host.exit(exitCode);
    this.progress(`${this.program}: finishing what is in hand; interrupt again to end at once`);
    this.#stop.abort();
  }

  #end(exitCode: number): void {
    this.#exitCode ??= exitCode;
    if (this.#protected === 0) this.host.exit(this.#exitCode);
  }
}
