import type { Command } from 'commander';
import { failedItems, readErasedAt, writeRearmed, type FailedItem, type OutboxTable } from '@outbox/outbox-dynamodb';
import { eventKey, rearm, sequenceOf } from '@outbox/outbox-rules';
import { CliError, EXIT, NotFoundError, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId, type AggregateId } from '../aggregate-id';
import { aggregateOfKey, keyOfAggregate, nameOfKey } from '../aggregate-key';
import type { CliContext } from './context';
import { sequenceOption } from './options';

interface RetryOptions {
  readonly sequence?: number;
  readonly all?: boolean;
}

/** The content of an event was erased: nobody can publish it any more. Exit code 1. */
export class EventErasedError extends CliError {
  override readonly name = 'EventErasedError';
  readonly exitCode = EXIT.failed;

  constructor(aggregate: string, sequence: number, erasedAt: string) {
    super(`the content of event ${sequence} of ${aggregate} was erased at ${erasedAt}: it can't be published again`);
  }
}

/** `failed list | retry`: events that the sweeper gave up, and another ten attempts for them. */
export function addFailedCommands(program: Command, context: CliContext): void {
  const failed = program.command('failed').description('events that the sweeper gave up after its last attempt');
  const outbox = async (command: Command): Promise<OutboxTable> => ({
    dynamodb: context.dynamodb(),
    tableName: (await context.stack(command)).outbox_table_name,
  });

  failed
    .command('list')
    .description('every failed event with its reason (scans the outbox’s table)')
    .action(async (_options: unknown, command: Command) => {
      const items: FailedItem[] = [];
      for await (const item of failedItems(await outbox(command))) items.push(item);
      items.sort((a, b) => a.failedAt.localeCompare(b.failedAt) || a.sk.localeCompare(b.sk));
      if (wantsJson(command)) return context.print(JSON.stringify(items.map(view)));
      for (const item of items) {
        context.print(
          `${nameOfKey(item.pk)} event ${sequenceOf(item)}  ${item.event?.type ?? 'unreadable'}  failed ${item.failedAt}: ${item.failure}${item.event?.erasedAt === undefined ? '' : '; its content was erased'}`,
        );
      }
      context.print(items.length === 0 ? 'no failed events' : `${items.length} failed; retry: outboxctl failed retry`);
    });

  failed
    .command('retry')
    .description('have the sweeper publish failed events again')
    .argument('[aggregate]', 'AGGREGATE/ID: only its events')
    .option('--sequence <n>', 'only the event of this number', sequenceOption)
    .option('--all', 'every failed event (of the aggregate, if one is named)')
    .action(async (text: string | undefined, options: RetryOptions, command: Command) => {
      const { aggregate_types } = await context.stack(command);
      const table = await outbox(command);
      const only = text === undefined ? undefined : parseAggregateId(text, aggregate_types);
      const again = (key: { readonly pk: string; readonly sk: string }): Promise<boolean> =>
        writeRearmed(table, key, rearm(key.pk, context.now()), { only: 'failed' });
      const retried: (AggregateId & { readonly sequence: number })[] = [];
      let erased = 0;
      let interrupted = false;
      if (options.all === true && options.sequence === undefined) {
        interrupted = await context.protect(async (stop) => {
          for await (const item of failedItems(table)) {
            if (stop.aborted) return true;
            if (only !== undefined && item.pk !== keyOfAggregate(only)) continue;
            if (await again(item)) retried.push(placeOf(item));
            else if (item.event?.erasedAt !== undefined) erased += 1;
          }
          return false;
        });
      } else {
        if (only === undefined || options.sequence === undefined || options.all === true) {
          throw new UsageError('failed retry takes AGGREGATE/ID --sequence N, or [AGGREGATE/ID] --all');
        }
        const key = { pk: keyOfAggregate(only), sk: eventKey(options.sequence) };
        if (!(await context.protect(() => again(key)))) {
          const erasedAt = await readErasedAt(table, key);
          if (erasedAt !== undefined) throw new EventErasedError(formatAggregateId(only), options.sequence, erasedAt);
          throw new NotFoundError(`${formatAggregateId(only)} has no failed event ${options.sequence}`);
        }
        retried.push({ ...only, sequence: options.sequence });
      }
      if (wantsJson(command)) {
        const parts = { ...(erased > 0 ? { erased } : {}), ...(interrupted ? { interrupted } : {}) };
        return context.print(JSON.stringify({ retried, ...parts }));
      }
      const rest = [
        ...(erased > 0 ? [`; ${erased} stay failed: their content was erased`] : []),
        ...(interrupted ? ['; interrupted: the others stay failed'] : []),
      ].join('');
      context.print(`${retried.length} due again: the next sweep publishes them (now: outboxctl sweep)${rest}`);
    });
}

function view(item: FailedItem): object {
  const { failedAt, failure, event } = item;
  const known = event && {
    eventId: event.id,
    type: event.type,
    committedAt: event.committedAt,
    attempts: event.attempts,
    ...(event.erasedAt === undefined ? {} : { erasedAt: event.erasedAt }),
  };
  return { ...placeOf(item), ...known, failedAt, failure };
}

/** The aggregate and the number of an event; a key of no aggregate as it is. */
function placeOf(item: FailedItem): AggregateId & { readonly sequence: number } {
  const about = aggregateOfKey(item.pk) ?? { aggregate: '', id: item.pk };
  return { ...about, sequence: sequenceOf(item) };
}
