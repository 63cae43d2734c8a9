import { argumentsOf, commandLine, type Action, type Job } from '@outbox/console-api';
import { runProgram, styleFor, type Environment, type ProgramDefinition } from '@outbox/cli-kit';
import type { CliContext, OwnContext } from '../commands/context';
import type { Stack } from '../stack';
import { changesAnything } from './actions';

/** Finished ones that a page still sees. */
const KEPT = 50;
/** Lines of output a job keeps: more is for the command line. */
const MAX_OUTPUT_LINES = 1_000;
const PROGRESS_EVERY_MS = 200;

export interface Ran {
  readonly exitCode: number;
  readonly output: readonly unknown[];
  readonly error?: string;
}

/** Runs outboxctl's commands within this process, on a stack that is known. */
export class Commands {
  constructor(
    private readonly definition: ProgramDefinition<OwnContext>,
    private readonly context: CliContext,
    private readonly stack: Stack,
    private readonly environment: Environment,
  ) {}

  /**
   * Runs one with `--json`; never throws: what failed is in what it returns.
   * @param said is told each line as it is printed, also those that are too many for what it returns
   */
  async run(
    argv: readonly string[],
    stop: AbortSignal,
    progress: (text: string) => void = () => undefined,
    said: (line: string) => void = () => undefined,
  ): Promise<Ran> {
    const output: unknown[] = [];
    const errors: string[] = [];
    const context: CliContext = {
      ...this.context,
      stack: () => Promise.resolve(this.stack),
      protect: (work) => work(stop),
      print: (text) => {
        for (const line of text.split('\n')) {
          said(line);
          if (output.length < MAX_OUTPUT_LINES) output.push(parse(line));
        }
      },
      progress,
      status: progress,
      style: styleFor({}, {}),
    };
    const exitCode = await runProgram(this.definition, ['--json', ...argv], context, {
      version: '',
      environment: this.environment,
      complain: (text) => void errors.push(errorOf(text)),
    });
    return { exitCode, output, ...(errors.length === 0 ? {} : { error: errors.join('\n') }) };
  }
}

/** What pages had done. Of one action one job at a time: two redrives would take each other's messages. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #stop = new AbortController();
  readonly #lanes = new Map<string, Promise<unknown>>();

  /**
   * @param ports `print` gets the lines of what changes the stack: who dropped or skipped what has to outlive the page
   * @param tell is told a job whenever it changed
   */
  constructor(
    private readonly commands: Commands,
    private readonly ports: {
      readonly now: () => number;
      readonly newId: () => string;
      readonly print: (line: string) => void;
    },
    private readonly tell: (job: Job) => void,
  ) {}

  /** The newest first. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].reverse();
  }

  start(action: Action): Job {
    const job: Job = {
      id: this.ports.newId(),
      action: action.action,
      command: commandLine(action),
      startedAt: new Date(this.ports.now()).toISOString(),
      state: 'running',
      progress: '',
      output: [],
    };
    this.#note(job);
    const before = this.#lanes.get(action.action) ?? Promise.resolve();
    this.#lanes.set(
      action.action,
      before.then(() =>
        this.#run(job, argumentsOf(action), changesAnything(action) ? this.ports.print : () => undefined),
      ),
    );
    return job;
  }

  /** Tells those that run to come to an end, and waits for it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#lanes.values());
  }

  async #run(job: Job, argv: readonly string[], said: (line: string) => void): Promise<void> {
    let told = 0;
    const tellProgress = (progress: string): void => {
      if (this.ports.now() - told < PROGRESS_EVERY_MS) return;
      told = this.ports.now();
      this.#note({ ...job, progress });
    };
    said(job.command);
    const { exitCode, output, error } = await this.commands.run(argv, this.#stop.signal, tellProgress, said);
    // A command that found something, or left something, exits with 1 and has said what.
    const state = exitCode === 0 || (exitCode === 1 && error === undefined) ? 'done' : 'failed';
    this.#note({ ...job, state, output, ...(error === undefined ? {} : { error }) });
  }

  #note(job: Job): void {
    this.#jobs.set(job.id, job);
    for (const [id, { state }] of this.#jobs) {
      if (this.#jobs.size <= KEPT) break;
      if (state !== 'running') this.#jobs.delete(id);
    }
    this.tell(job);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Under `--json` an error is one line of it. */
function errorOf(text: string): string {
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('error' in parsed)) return text;
  const { message, cause, hint } = parsed.error as { message: string; cause?: string; hint?: string };
  return [cause === undefined ? message : `${message}: ${cause}`, ...(hint === undefined ? [] : [hint])].join('. ');
}
