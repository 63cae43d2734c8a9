import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { loadPipeline } from '../pipeline/pipeline';
import { isHealthy, renderStatus } from '../status/render';
import type { CliContext } from './context';
import { nowOption, timeNow, type TimeOf } from './options';
import { watching, watchOption, type WatchOptions } from './watch';

/** `status`: the whole pipeline on one screen, and what to do. Exit 1 if anything needs somebody. */
export function addStatusCommand(program: Command, context: CliContext): void {
  program
    .command('status')
    .description(
      'one screen: what is stopped, failing or behind, what comes through and what waits, alarms, and what to do; exit 1 if anything needs you',
    )
    .addOption(nowOption('the time to judge by'))
    .addOption(watchOption())
    .action(async (options: WatchOptions & { now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      await watching(context, options, async () => {
        const now = timeNow(context, options.now);
        const pipeline = await loadPipeline({ ...context, now: () => now }, stack);
        context.setExitCode(isHealthy(pipeline) ? 0 : 1);
        return wantsJson(command) ? JSON.stringify(pipeline) : renderStatus(pipeline, context.style);
      });
    });
}
