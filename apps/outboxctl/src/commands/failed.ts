import type { Command } from 'commander';
import {
  failedItems,
  loadFailedItem,
  writeRearmed,
  type FailedItem,
  type OutboxSummary,
  type OutboxTable,
} from '@outbox/outbox-dynamodb';
import { eventKey, rearm, sequenceOf, type ItemKey } from '@outbox/outbox-rules';
import { CliError, EXIT, NotFoundError, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId, type AggregateId } from '../aggregate-id';
import { aggregateOfKey, keyOfAggregate, nameOfKey } from '../aggregate-key';
import { ACCEPT_REPEATS, Memories, repeatSentence } from '../repeats';
import type { CliContext } from './context';
import { nowOption, sequenceOption, timeNow, type TimeOf } from './options';

interface RetryOptions {
  readonly sequence?: number;
  readonly all?: boolean;
  readonly acceptRepeats?: boolean;
  readonly now?: TimeOf;
}

/** An event that is left failed: some consumer could do it a second time. Exit code 1. */
export class RepeatRefused extends CliError {
  override readonly name = 'RepeatRefused';
  readonly exitCode = EXIT.failed;
}

/** The content of an event was erased: nobody can publish it any more. Exit code 1. */
export class EventErasedError extends CliError {
  override readonly name = 'EventErasedError';
  readonly exitCode = EXIT.failed;

  constructor(event: string, erasedAt: string) {
    super(`the content of ${event} was erased at ${erasedAt}: it can't be published again`);
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
      context.print(
        items.length === 0 ? 'no failed events' : `${items.length} failed; retry: outboxctl failed retry --all`,
      );
    });

  failed
    .command('retry')
    .description('have the sweeper publish failed events again; exit 1 if any is left that consumers could do twice')
    .argument('[aggregate]', 'AGGREGATE/ID: only its events')
    .option('--sequence <n>', 'only the event of this number', sequenceOption)
    .option('--all', 'every failed event (of the aggregate, if one is named)')
    .option(ACCEPT_REPEATS, 'also what `once` consumers may have done and forgotten, and would do again')
    .addOption(nowOption('the time to judge by'))
    .action(async (text: string | undefined, options: RetryOptions, command: Command) => {
      const stack = await context.stack(command);
      const table = await outbox(command);
      const only = text === undefined ? undefined : parseAggregateId(text, stack.aggregate_types);
      const now = timeNow(context, options.now);
      const again = (key: ItemKey): Promise<boolean> =>
        writeRearmed(table, key, rearm(key.pk, now), { only: 'failed' });
      const memories = new Memories(context, stack, now);
      const problemOf = async (place: Place, event: OutboxSummary | undefined): Promise<string | undefined> => {
        const known = { ...place, ...event, aggregate: place.aggregate };
        const forgetful = options.acceptRepeats ? [] : await memories.forgetful(known);
        return forgetful.length === 0 ? undefined : `${nameOf(place)} ${repeatSentence(known, forgetful, now)}`;
      };
      const retried: Place[] = [];
      const left: Place[] = [];
      let erased = 0;
      let interrupted = false;
      if (options.all === true && options.sequence === undefined) {
        interrupted = await context.protect(async (stop) => {
          for await (const item of failedItems(table)) {
            if (stop.aborted) return true;
            if (only !== undefined && item.pk !== keyOfAggregate(only)) continue;
            const place = placeOf(item);
            if (item.event?.erasedAt !== undefined) {
              erased += 1;
              continue;
            }
            const problem = await problemOf(place, item.event);
            if (problem !== undefined) {
              left.push(place);
              context.progress(`left failed: ${problem}`);
            } else if (await again(item)) retried.push(place);
          }
          return false;
        });
      } else {
        if (only === undefined || options.sequence === undefined || options.all === true) {
          throw new UsageError('failed retry takes AGGREGATE/ID --sequence N, or [AGGREGATE/ID] --all');
        }
        const place = { ...only, sequence: options.sequence };
        const key = { pk: keyOfAggregate(only), sk: eventKey(options.sequence) };
        const isRetried = await context.protect(async () => {
          const item = await loadFailedItem(table, key);
          const erasedAt = item?.event?.erasedAt;
          if (erasedAt !== undefined) throw new EventErasedError(nameOf(place), erasedAt);
          const problem = item && (await problemOf(place, item.event));
          if (problem !== undefined) throw new RepeatRefused(problem, { hint: `${ACCEPT_REPEATS} allows that` });
          return again(key);
        });
        if (!isRetried) throw new NotFoundError(`${formatAggregateId(only)} has no failed event ${options.sequence}`);
        retried.push(place);
      }
      if (left.length > 0) context.setExitCode(1);
      if (wantsJson(command)) {
        const rest = {
          ...(left.length > 0 ? { left } : {}),
          ...(erased > 0 ? { erased } : {}),
          ...(interrupted ? { interrupted } : {}),
        };
        return context.print(JSON.stringify({ retried, ...rest }));
      }
      const rest = [
        ...(left.length > 0 ? [`; ${left.length} left failed: ${ACCEPT_REPEATS} retries them, too`] : []),
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

interface Place extends AggregateId {
  readonly sequence: number;
}

function nameOf(place: Place): string {
  return `${formatAggregateId(place)} event ${place.sequence}`;
}

/** The aggregate and the number of an event; a key of no aggregate as it is. */
function placeOf(item: FailedItem): Place {
  const about = aggregateOfKey(item.pk) ?? { aggregate: '', id: item.pk };
  return { ...about, sequence: sequenceOf(item) };
}
