import type { Command } from 'commander';
import { UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId } from '../aggregate-id';
import { skip } from '../skip';
import { consumerOf } from '../stack';
import type { CliContext } from './context';
import { sequenceOption } from './options';

interface Options {
  readonly consumer: string;
  readonly to: number;
  readonly reason: string;
}

/** `skip AGGREGATE/ID --consumer C --to N --reason …`: steps an in-order consumer over what can never be processed. */
export function addSkipCommand(program: Command, context: CliContext): void {
  program
    .command('skip')
    .description('step an in-order consumer over events that can never be processed; written down with its reason')
    .argument('<aggregate>', 'AGGREGATE/ID')
    .requiredOption('--consumer <name>', 'an in-order consumer')
    .requiredOption('--to <sequence>', 'the last event to pass over', sequenceOption)
    .requiredOption('--reason <text>', 'why; kept beside the effects')
    .action(async (text: string, options: Options, command: Command) => {
      const stack = await context.stack(command);
      const about = parseAggregateId(text, stack.aggregate_types);
      const consumer = consumerOf(stack, options.consumer);
      if (consumer.policy !== 'in-order') {
        throw new UsageError(`${options.consumer} is a ${consumer.policy} consumer: nothing waits in it for its turn`);
      }
      if (options.reason.trim() === '') throw new UsageError('--reason is empty');
      const { to, reason } = options;
      const by = await context.caller();
      const at = new Date(context.now()).toISOString();
      const { from } = await context.protect(() =>
        skip(context.dynamodb(), stack, consumer.table_name, about, { to, reason, by, at }),
      );
      context.print(
        wantsJson(command)
          ? JSON.stringify({ consumer: options.consumer, ...about, from, to, reason, by, at })
          : `${options.consumer} passed over ${events(from + 1, to)} of ${formatAggregateId(about)}; event ${to + 1} is next`,
      );
    });
}

function events(first: number, last: number): string {
  return first === last ? `event ${first}` : `events ${first} to ${last}`;
}
