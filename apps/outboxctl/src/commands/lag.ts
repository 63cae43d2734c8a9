import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { loadLag } from '../lag/lag';
import { renderLag } from '../lag/render';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';
import { watching, watchOption, type WatchOptions } from './watch';

/** `lag`: is anything behind, and where? Exit 1 if anything is. */
export function addLagCommand(program: Command, context: CliContext): void {
  program
    .command('lag')
    .description('what waits at each stage and how long events take to it; exit 1 if anything is behind the objective')
    .addOption(nowOption('the time to judge by'))
    .addOption(watchOption())
    .action(async (options: WatchOptions & { now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const clients = { dynamodb: context.dynamodb(), sqs: context.sqs(), cloudwatch: context.cloudwatch() };
      await watching(context, options, async () => {
        const report = await loadLag(clients, stack, timeNow(context, options.now));
        context.setExitCode(report.behind.length > 0 ? 1 : 0);
        return wantsJson(command) ? JSON.stringify(report) : renderLag(report, context.style);
      });
    });
}
