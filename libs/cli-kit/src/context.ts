import type { Command } from 'commander';
import type { Style } from './style';

/** What the commands of every program get from its composition root. */
export interface ProgramContext {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ends early when `stop` says so. */
  readonly sleep: (ms: number, stop?: AbortSignal) => Promise<void>;
  /** Runs what changes something to an end of its own when the program is asked to end: see `Lifetime`. */
  readonly protect: <T>(work: (stop: AbortSignal) => Promise<T>) => Promise<T>;
  readonly print: (text: string) => void;
  /** Where a long command is, for a person watching: stderr. */
  readonly progress: (text: string) => void;
  readonly style: Style;
  readonly setExitCode: (code: number) => void;
}

const PROGRESS_EVERY_MS = 2_000;

/** Tells how far a long command is, every two seconds. */
export function progressOf(
  context: Pick<ProgramContext, 'now' | 'progress'>,
  sentence: (done: number) => string,
): (done: number) => void {
  let next = context.now() + PROGRESS_EVERY_MS;
  return (done) => {
    if (context.now() < next) return;
    next = context.now() + PROGRESS_EVERY_MS;
    context.progress(sentence(done));
  };
}

/** Whether `--json` was given on the program or the verb. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
