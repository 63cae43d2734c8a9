import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { runSweeper } from '../sweeping';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';

/** `sweep`: one run of the sweeper now, besides those of its schedule. */
export function addSweepCommand(program: Command, context: CliContext): void {
  program
    .command('sweep')
    .description('publish again what is due and still unpublished, without waiting for the schedule')
    .addOption(nowOption('the time to decide by'))
    .action(async (options: { now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const now = timeNow(context, options.now);
      const report = await context.protect(() => runSweeper(context.lambda(), stack, now));
      context.print(wantsJson(command) ? JSON.stringify(report) : summary(report));
    });
}

function summary(report: Readonly<Record<string, unknown>>): string {
  return Object.entries(report)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
