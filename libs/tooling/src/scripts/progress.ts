import { InterruptedError } from './interruption.ts';

/** The part of a terminal that progress needs. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** False where NO_COLOR is set or the output is no terminal. */
  readonly color: boolean;
}

/** Tells how far a step is, e.g. "12 of 96". */
export type Report = (detail: string) => void;

/** For work whose progress nobody watches. */
export const silently: Report = () => undefined;

const refreshMs = 250;
const heartbeatMs = 20_000;

/**
 * Prints one line per step with its elapsed seconds. On a terminal the running step's line is redrawn; elsewhere a line
 * every twenty seconds shows that it lives.
 */
export class Progress {
  private readonly started: number;
  private readonly options: ProgressOptions;

  constructor(options: ProgressOptions) {
    this.options = options;
    this.started = options.now();
  }

  /** Milliseconds since the first step could begin. */
  get elapsedMs(): number {
    return this.options.now() - this.started;
  }

  /** A line of its own between steps. */
  note(text: string): void {
    this.options.terminal.write(`${' '.repeat(12)}${text}\n`);
  }

  /** Runs `work` under `name`; what it returns is printed behind the name. A failure is printed and thrown on. */
  async step(name: string, work: (report: Report) => Promise<string>): Promise<void> {
    const started = this.options.now();
    let detail = '';
    const tty = this.options.terminal.isTTY === true;
    const draw = (): void => {
      const line = this.line('…', name, started, detail);
      this.options.terminal.write(tty ? `\r${line}\u001b[K` : `${line}\n`);
    };
    const timer = setInterval(draw, tty ? refreshMs : heartbeatMs);
    const end = (mark: string, text: string): void => {
      clearInterval(timer);
      const line = this.line(mark, name, started, text);
      this.options.terminal.write(tty ? `\r${line}\u001b[K\n` : `${line}\n`);
    };
    if (tty) draw();
    try {
      end(this.paint('32', '✓'), await work((text) => (detail = text)));
    } catch (error) {
      end(this.paint('31', '✗'), error instanceof InterruptedError ? 'stopped' : 'failed');
      throw error;
    }
  }

  private line(mark: string, name: string, started: number, detail: string): string {
    const seconds = `${((this.options.now() - started) / 1000).toFixed(1)} s`.padStart(8);
    return `${mark} ${seconds}  ${name.padEnd(18)} ${this.paint('2', detail)}`.trimEnd();
  }

  private paint(code: string, text: string): string {
    return this.options.color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** Progress on standard output, as the user's terminal allows. */
export function terminalProgress(environment: Readonly<Record<string, string | undefined>>): Progress {
  const color = process.stdout.isTTY === true && !environment['NO_COLOR'];
  return new Progress({ terminal: process.stdout, now: () => performance.now(), color });
}

/** Progress that nobody watches. */
export const silentProgress = new Progress({
  terminal: { write: () => undefined },
  now: () => performance.now(),
  color: false,
});
