import type { Command } from 'commander';
import { runSweeper } from '../sweeping';
import { wantsJson, type CliContext } from './context';
import { timeOption } from './options';

/** `sweep`: one run of the sweeper now, besides those of its schedule. */
export function addSweepCommand(program: Command, context: CliContext): void {
  program
    .command('sweep')
    .description('publish again what is due and still unpublished, without waiting for the schedule')
    .option('--now <time>', 'the time to decide by, e.g. of a local cloud whose clock was moved (ISO 8601)', timeOption)
    .action(async (options: { now?: number }, command: Command) => {
      const stack = await context.stack(command);
      const report = await runSweeper(context.lambda(), stack, options.now ?? context.now());
      context.print(wantsJson(command) ? JSON.stringify(report) : summary(report));
    });
}

function summary(report: Readonly<Record<string, unknown>>): string {
  return Object.entries(report)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
