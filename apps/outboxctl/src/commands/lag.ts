import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { loadLag } from '../lag/lag';
import { renderLag } from '../lag/render';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';

/** `lag`: is anything behind, and where? Exit 1 if anything is. */
export function addLagCommand(program: Command, context: CliContext): void {
  program
    .command('lag')
    .description('what waits at each stage and how long events take to it; exit 1 if anything is behind the objective')
    .addOption(nowOption('the time to judge by'))
    .action(async (options: { now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const clients = { dynamodb: context.dynamodb(), sqs: context.sqs(), cloudwatch: context.cloudwatch() };
      const report = await loadLag(clients, stack, timeNow(context, options.now));
      context.print(wantsJson(command) ? JSON.stringify(report) : renderLag(report, context.style));
      if (report.behind.length > 0) context.setExitCode(1);
    });
}
