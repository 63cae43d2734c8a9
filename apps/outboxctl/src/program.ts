import { Command, CommanderError } from 'commander';
import { addCapacityCommand } from './commands/capacity';
import { addCostCommand } from './commands/cost';
import { addDlqCommands } from './commands/dlq';
import { addFailedCommands } from './commands/failed';
import { addLagCommand } from './commands/lag';
import { addOrderCommands } from './commands/order';
import { addReconcileCommand } from './commands/reconcile';
import { addReplayCommand } from './commands/replay';
import { addSkipCommand } from './commands/skip';
import { addSweepCommand } from './commands/sweep';
import { addTraceCommand } from './commands/trace';
import type { CliContext } from './commands/context';
import { explain, EXIT, renderExplanation, type Surroundings } from './explain';

const HELP = '(outboxctl help shows the verbs)';

const EXAMPLES = `
Examples:
  outboxctl --version                            prints the version
  outboxctl lag                                  is anything behind, and where
  outboxctl trace ORDER_ID --wait 30             one order's events, hop by hop
  outboxctl reconcile --since 2h                 is anything of two hours lost
  outboxctl dlq show fulfilment --limit 50       what it set aside, and why
  outboxctl dlq redrive fulfilment --reason gap  back to it, the reason mended
  outboxctl replay --from 1d --consumer C        what the archive holds of a day

Exit codes: 0 done, 1 failed or found something, 2 bad usage or no stack,
3 AWS can't be asked (network, credentials, permissions), 4 not found;
130 and 143 interrupted, 141 nobody read the output.`;

/** What the command tree is made for. */
export interface ProgramOptions {
  /** Under `--json` errors are JSON too, on standard error. */
  readonly json: boolean;
  /** Gets errors, in one piece each. */
  readonly complain: (text: string) => void;
}

/** The whole command tree over a context; `main.ts` supplies the real one, specs their own. */
export function createProgram(context: CliContext, { json, complain }: ProgramOptions): Command {
  const program = new Command('outboxctl')
    .description('operate a deployed outbox: the same verbs on AWS and on the local cloud')
    .option('--json', 'machine-readable output')
    .option('--stack <file>', 'the output of `terraform output -json` (asks Terraform unless given)')
    .showHelpAfterError(HELP)
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      // As JSON they are written where they are caught.
      writeErr: (text) => (json ? undefined : complain(text.trimEnd())),
    })
    .exitOverride();
  addOrderCommands(program, context);
  addTraceCommand(program, context);
  addLagCommand(program, context);
  addReconcileCommand(program, context);
  addDlqCommands(program, context);
  addFailedCommands(program, context);
  addSweepCommand(program, context);
  addReplayCommand(program, context);
  addSkipCommand(program, context);
  addCostCommand(program, context);
  addCapacityCommand(program, context);
  return program;
}

/** Whether a command line asks for JSON; known before it is parsed, for it may be one that can't be. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

export interface RunOptions extends Pick<ProgramOptions, 'complain'> {
  readonly version: string;
  /** As the AWS SDK reads it: errors tell from it where AWS is. */
  readonly environment: Surroundings;
}

/**
 * Runs one command line; returns the exit code. An error goes to `complain` as one message, never a stack trace: what
 * failed, why, and what to do.
 */
export async function runProgram(
  argv: readonly string[],
  context: CliContext,
  { version, complain, environment }: RunOptions,
): Promise<number> {
  const json = asksForJson(argv);
  // Not an option of the program's: that would take `failed retry ORDER_ID --version N` for it.
  if (argv.find((argument) => argument !== '--json') === '--version') {
    context.print(json ? JSON.stringify({ version }) : version);
    return 0;
  }
  let exitCode = 0;
  const setExitCode = (code: number): void => void (exitCode = code);
  const program = createProgram({ ...context, setExitCode }, { json, complain });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Commander has told a person already.
      const message = error.code === 'commander.help' ? 'no command is given' : error.message.replace(/^error: /, '');
      if (json) complain(renderExplanation({ message, hint: 'outboxctl help shows the verbs' }, true));
      return EXIT.usage;
    }
    const explanation = explain(error, environment);
    complain(renderExplanation(explanation, json));
    return explanation.exitCode;
  }
}
