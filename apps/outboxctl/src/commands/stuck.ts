import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { renderStuck } from '../stuck/render';
import { findStuck } from '../stuck/stuck';
import type { CliContext } from './context';
import { countOption, nowOption, timeNow, type TimeOf } from './options';

const EXAMPLES = 10;

/** `stuck`: events that don't get on, where, for how long and why. Exit 1 if there is any. */
export function addStuckCommand(program: Command, context: CliContext): void {
  program
    .command('stuck')
    .description(
      'events that don’t get on: failed, held, missed, tried again, claimed, set aside; scans the tables; exit 1 if any',
    )
    .option('--limit <n>', `how many of each kind, 0: all (${EXAMPLES}; all under --json)`, countOption, EXAMPLES)
    .addOption(nowOption('the time to judge by'))
    .action(async ({ limit, now: asked }: { limit: number; now?: TimeOf }, command: Command) => {
      const stack = await context.stack(command);
      const now = timeNow(context, asked);
      const stuck = await findStuck(context.dynamodb(), stack, now);
      context.print(wantsJson(command) ? JSON.stringify(stuck) : renderStuck(stuck, limit, now, context.style));
      if (stuck.length > 0) context.setExitCode(1);
    });
}
