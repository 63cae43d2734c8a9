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
import { exitCodeOf } from './errors';

/** The whole command tree over a context; `main.ts` supplies the real one, specs their own. */
export function createProgram(context: CliContext, complain: (text: string) => void): Command {
  const program = new Command('outboxctl')
    .description('operate a deployed outbox: the same verbs on AWS and on the local cloud')
    .option('--json', 'machine-readable output')
    .option('--stack <file>', 'the output of `terraform output -json` (asks Terraform unless given)')
    .showHelpAfterError('(outboxctl help shows the verbs)')
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => complain(text.trimEnd()),
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

/** Runs one command line; answers the exit code. Errors go to `complain` as one clear message, never a stack trace. */
export async function runProgram(
  argv: readonly string[],
  context: CliContext,
  complain: (text: string) => void,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram({ ...context, setExitCode: (code) => (exitCode = code) }, complain);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    complain(`outboxctl: ${error instanceof Error ? error.message : String(error)}`);
    return exitCodeOf(error);
  }
}
