import { InvalidArgumentError, type Command } from 'commander';
import { eventKey, rearm, versionOf, type StoredOutboxItem } from '@outbox/outbox-rules';
import { failedItems, writeRearmed, type OutboxTable } from '@outbox/outbox-dynamodb';
import { NotFoundError, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId, type AggregateId } from '../aggregate-id';
import { aggregateOfKey, keyOfAggregate } from '../aggregate-key';
import type { CliContext } from './context';

interface RetryOptions {
  readonly version?: number;
  readonly all?: boolean;
}

/** `failed list | retry`: events that the sweeper gave up, and another ten attempts for them. */
export function addFailedCommands(program: Command, context: CliContext): void {
  const failed = program.command('failed').description('events that the sweeper gave up after its last attempt');
  const outbox = async (command: Command): Promise<OutboxTable> => ({
    dynamodb: context.dynamodb(),
    tableName: (await context.stack(command)).orders_table_name,
  });

  failed
    .command('list')
    .description('every failed event with its reason (scans the outbox’s table)')
    .action(async (_options: unknown, command: Command) => {
      const items: StoredOutboxItem[] = [];
      for await (const item of failedItems(await outbox(command))) items.push(item);
      items.sort((a, b) => (a.failedAt ?? '').localeCompare(b.failedAt ?? '') || versionOf(a) - versionOf(b));
      if (wantsJson(command)) return context.print(JSON.stringify(items.map(view)));
      for (const item of items) {
        context.print(
          `${formatAggregateId(aggregateOfKey(item.pk))} version ${versionOf(item)}  ${item.type}  failed ${item.failedAt ?? ''}: ${item.failure ?? ''}`,
        );
      }
      context.print(items.length === 0 ? 'no failed events' : `${items.length} failed; retry: outboxctl failed retry`);
    });

  failed
    .command('retry')
    .description('have the sweeper publish failed events again')
    .argument('[aggregate]', 'AGGREGATE/ID: only its events')
    .option('--version <n>', 'only the event of this version', version)
    .option('--all', 'every failed event (of the aggregate, if one is named)')
    .action(async (text: string | undefined, options: RetryOptions, command: Command) => {
      const { aggregate_types } = await context.stack(command);
      const table = await outbox(command);
      const only = text === undefined ? undefined : parseAggregateId(text, aggregate_types);
      const again = (key: { readonly pk: string; readonly sk: string }): Promise<boolean> =>
        writeRearmed(table, key, rearm(key.pk, context.now()), { only: 'failed' });
      const retried: (AggregateId & { readonly version: number })[] = [];
      let interrupted = false;
      if (options.all === true && options.version === undefined) {
        interrupted = await context.protect(async (stop) => {
          for await (const item of failedItems(table)) {
            if (stop.aborted) return true;
            if (only !== undefined && item.pk !== keyOfAggregate(only)) continue;
            if (await again(item)) retried.push({ ...aggregateOfKey(item.pk), version: versionOf(item) });
          }
          return false;
        });
      } else {
        if (only === undefined || options.version === undefined || options.all === true) {
          throw new UsageError('failed retry takes AGGREGATE/ID --version N, or [AGGREGATE/ID] --all');
        }
        const key = { pk: keyOfAggregate(only), sk: eventKey(options.version) };
        if (!(await context.protect(() => again(key)))) {
          throw new NotFoundError(`no failed event of version ${options.version} of ${formatAggregateId(only)}`);
        }
        retried.push({ ...only, version: options.version });
      }
      if (wantsJson(command)) {
        return context.print(JSON.stringify({ retried, ...(interrupted ? { interrupted } : {}) }));
      }
      const rest = interrupted ? '; interrupted: the others stay failed' : '';
      context.print(`${retried.length} due again: the next sweep publishes them (now: outboxctl sweep)${rest}`);
    });
}

function view(item: StoredOutboxItem): object {
  const { id, type, committedAt, attempts, failedAt, failure } = item;
  return {
    ...aggregateOfKey(item.pk),
    version: versionOf(item),
    eventId: id,
    type,
    committedAt,
    attempts,
    failedAt,
    failure,
  };
}

function version(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It takes a version: 1, 2, 3 …');
  return Number(text);
}
