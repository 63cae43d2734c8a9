import { InvalidArgumentError, type Command } from 'commander';
import { orderIdOf, orderPk } from '@outbox/orders-dynamodb';
import { eventKey, rearm, versionOf, type StoredOutboxItem } from '@outbox/outbox-rules';
import { failedItems, writeRearmed, type OutboxTable } from '@outbox/outbox-dynamodb';
import { NotFoundError, UsageError, wantsJson } from '@outbox/cli-kit';
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
    .description('every failed event with its reason (scans the orders table)')
    .action(async (_options: unknown, command: Command) => {
      const items: StoredOutboxItem[] = [];
      for await (const item of failedItems(await outbox(command))) items.push(item);
      items.sort((a, b) => (a.failedAt ?? '').localeCompare(b.failedAt ?? '') || versionOf(a) - versionOf(b));
      if (wantsJson(command)) return context.print(JSON.stringify(items.map(view)));
      for (const item of items) {
        context.print(
          `order ${orderOf(item)} version ${versionOf(item)}  ${item.type}  failed ${item.failedAt ?? ''}: ${item.failure ?? ''}`,
        );
      }
      context.print(items.length === 0 ? 'no failed events' : `${items.length} failed; retry: outboxctl failed retry`);
    });

  failed
    .command('retry')
    .description('have the sweeper publish failed events again')
    .argument('[orderId]', 'only events of this order')
    .option('--version <n>', 'only the event of this version', version)
    .option('--all', 'every failed event (of the order, if one is named)')
    .action(async (orderId: string | undefined, options: RetryOptions, command: Command) => {
      const table = await outbox(command);
      const again = (key: { readonly pk: string; readonly sk: string }): Promise<boolean> =>
        writeRearmed(table, key, rearm(key.pk, context.now()), { only: 'failed' });
      const retried: { readonly orderId: string; readonly version: number }[] = [];
      let interrupted = false;
      if (options.all === true && options.version === undefined) {
        interrupted = await context.protect(async (stop) => {
          for await (const item of failedItems(table)) {
            if (stop.aborted) return true;
            const about = { orderId: orderOf(item), version: versionOf(item) };
            if (orderId !== undefined && about.orderId !== orderId) continue;
            if (await again(item)) retried.push(about);
          }
          return false;
        });
      } else {
        if (orderId === undefined || options.version === undefined || options.all === true) {
          throw new UsageError('failed retry takes ORDER_ID --version N, or [ORDER_ID] --all');
        }
        const key = { pk: orderPk(orderId), sk: eventKey(options.version) };
        if (!(await context.protect(() => again(key)))) {
          throw new NotFoundError(`no failed event of version ${options.version} of order ${orderId}`);
        }
        retried.push({ orderId, version: options.version });
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
    orderId: orderOf(item),
    version: versionOf(item),
    eventId: id,
    type,
    committedAt,
    attempts,
    failedAt,
    failure,
  };
}

/** The order an event is of; its key as it is when no order has such a one. */
function orderOf({ pk }: StoredOutboxItem): string {
  return orderIdOf(pk) ?? pk;
}

function version(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It takes a version: 1, 2, 3 …');
  return Number(text);
}
