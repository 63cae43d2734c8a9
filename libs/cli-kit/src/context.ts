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
  /** The same in one line that is written over; absent where that can't be done. */
  readonly status?: (text: string) => void;
  /** Empties the screen for what is printed next; absent where that can't be done. */
  readonly clear?: () => void;
  readonly style: Style;
  readonly setExitCode: (code: number) => void;
}

const STATUS_EVERY_MS = 200;
const FIRST_PROGRESS_MS = 2_000;
const MAX_PROGRESS_GAP_MS = 60_000;

/**
 * Tells how far a long command is: in one line that is written over, or else in lines after 2, 4, 8 … seconds, later one
 * a minute.
 */
export function progressOf(
  context: Pick<ProgramContext, 'now' | 'progress' | 'status'>,
  sentence: (done: number) => string,
): (done: number) => void {
  const { status } = context;
  let gap = status ? STATUS_EVERY_MS : FIRST_PROGRESS_MS;
  let next = context.now() + gap;
  return (done) => {
    if (context.now() < next) return;
    if (status) status(sentence(done));
    else {
      context.progress(sentence(done));
      gap = Math.min(2 * gap, MAX_PROGRESS_GAP_MS);
    }
    next = context.now() + gap;
  };
}

/** Whether `--json` was given on the program or the verb. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
