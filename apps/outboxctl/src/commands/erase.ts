import type { Command } from 'commander';
import { UsageError, wantsJson } from '@outbox/cli-kit';
import { parseAggregateId } from '../aggregate-id';
import { erase, plannedErasure } from '../erase/erase';
import { findDeadLetters, findStaying } from '../erase/left';
import { checkErasePlan, loadErasePlan } from '../erase/plan';
import { renderErasure, type EraseReport } from '../erase/render';
import type { CliContext } from './context';
import { portsOf } from './dlq/open';

interface Options {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly keepOwner?: boolean;
  readonly unfinished?: boolean;
  readonly reason?: string;
}

/** `erase AGGREGATE/ID --yes`: takes the content of an aggregate's events out of every table, and says where else it is. */
export function addEraseCommand(program: Command, context: CliContext): void {
  program
    .command('erase')
    .description(
      'erase the content of an aggregate’s published events, answers, owner, and what consumers kept of it; exit 1 if something is left to be done',
    )
    .argument('<aggregate>', 'AGGREGATE/ID')
    .option('--dry-run', 'erase nothing, say what would be')
    .option('--yes', 'do it: it can’t be undone')
    .option('--keep-owner', 'leave the owner on the head; without it the API no longer knows the aggregate')
    .option('--unfinished', 'erase events too that failed or that a consumer hasn’t done: nobody gets them any more')
    .option('--reason <text>', 'why; told with by whom and when')
    .action(async (text: string, options: Options, command: Command) => {
      const { dryRun = false, yes = false, keepOwner = false, unfinished = false, reason } = options;
      if (dryRun === yes) {
        throw new UsageError('erase takes either --dry-run or --yes', {
          hint: 'What is erased can’t be brought back: look at --dry-run first',
        });
      }
      if (reason?.trim() === '') throw new UsageError('--reason is empty');
      const stack = await context.stack(command);
      const about = parseAggregateId(text, stack.aggregate_types);
      const now = context.now();
      const clients = { dynamodb: context.dynamodb(), eventbridge: context.eventbridge(), sqs: context.sqs() };
      const by = await context.caller();
      const plan = await loadErasePlan(clients.dynamodb, stack, about, { keepOwner });
      checkErasePlan(plan, { unfinished });
      // Whatever can't be asked is found before anything is erased.
      const stays = await findStaying(clients, stack, plan, now);
      const report = await context.protect(async (stop): Promise<EraseReport> => {
        const deadLetters = await findDeadLetters(clients.sqs, stack, about, portsOf(context, stop));
        const erased = dryRun ? plannedErasure(plan) : await erase(clients.dynamodb, stack, plan, { now, stop });
        const at = new Date(now).toISOString();
        return {
          ...about,
          dryRun,
          by,
          at,
          ...(reason === undefined ? {} : { reason }),
          erased,
          unfinished: plan.unfinished,
          deadLetters,
          others: plan.others,
          stays,
        };
      });
      context.print(wantsJson(command) ? JSON.stringify(report) : renderErasure(report));
      const { deadLetters, erased } = report;
      if (!dryRun && deadLetters.length + erased.changed.length > 0) context.setExitCode(1);
    });
}
