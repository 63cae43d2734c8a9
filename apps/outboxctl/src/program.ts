import type { ProgramDefinition } from '@outbox/cli-kit';
import { addCapacityCommand } from './commands/capacity';
import type { OwnContext } from './commands/context';
import { addConsoleCommand } from './commands/console';
import { addCostCommand } from './commands/cost';
import { addDlqCommands } from './commands/dlq';
import { addEraseCommand } from './commands/erase';
import { addFailedCommands } from './commands/failed';
import { addJoinCommand } from './commands/join';
import { addLagCommand } from './commands/lag';
import { addPauseCommands } from './commands/pause';
import { addReconcileCommand } from './commands/reconcile';
import { addReplayCommand } from './commands/replay';
import { addRestoreCommands } from './commands/restore';
import { addSkipCommand } from './commands/skip';
import { addSourceLinesCommand } from './commands/source-lines';
import { addStatusCommand } from './commands/status';
import { addStuckCommand } from './commands/stuck';
import { addSweepCommand } from './commands/sweep';
import { addTailCommand } from './commands/tail';
import { addTraceCommand } from './commands/trace';
import { VERB_EXAMPLES } from './examples';

const EXAMPLES = `  outboxctl --version                          prints the version
  outboxctl status                             what is wrong, and what to do
  outboxctl stuck                              events that don't get on, and why
  outboxctl trace AGGREGATE/ID --wait 30       one aggregate, hop by hop
  outboxctl tail                               events as they are committed
  outboxctl reconcile --since 2h               is anything of two hours lost
  outboxctl dlq list                           what was set aside, and why
  outboxctl dlq redrive CONSUMER --dry-run     what would go back to it
  outboxctl erase AGGREGATE/ID --dry-run       what is kept of one aggregate
  outboxctl replay --from 1d --consumer C      what the archive has of a day
  outboxctl join CONSUMER --from now           a new consumer begins
  outboxctl console                            the same as a page
  outboxctl completion bash                    for your shell; zsh and fish too

AGGREGATE/ID is an aggregate's type and its id; the id alone is enough where the
stack has one type.`;

/** All that the operator's program does by itself, which is what the console has done. */
const COMMANDS: ProgramDefinition<OwnContext> = {
  name: 'outboxctl',
  description: 'operate a deployed outbox: the same verbs on AWS and on the local cloud',
  examples: EXAMPLES,
  verbExamples: VERB_EXAMPLES,
  commands: [
    addStatusCommand,
    addStuckCommand,
    addTraceCommand,
    addLagCommand,
    addTailCommand,
    addReconcileCommand,
    addDlqCommands,
    addFailedCommands,
    addSweepCommand,
    addReplayCommand,
    addJoinCommand,
    addRestoreCommands,
    addSkipCommand,
    addEraseCommand,
    addPauseCommands,
    addCostCommand,
    addCapacityCommand,
    addSourceLinesCommand,
  ],
};

/** The operator's program; `main.ts` runs it over AWS, specs over what they bring. */
export const OUTBOXCTL: ProgramDefinition<OwnContext> = {
  ...COMMANDS,
  commands: [...COMMANDS.commands, (program, context) => addConsoleCommand(program, context, COMMANDS)],
};
