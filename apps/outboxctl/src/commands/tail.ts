import type { Command } from 'commander';
import { wantsJson, wholeNumber } from '@outbox/cli-kit';
import type { LiveEvent, Tail } from '@outbox/console-api';
import { formatAggregateId, parseAggregateId } from '../aggregate-id';
import { StreamTail } from '../tail/stream-tail';
import type { CliContext } from './context';
import { spanOption } from './options';
import { patiently } from './patiently';

interface Options {
  readonly aggregate?: string;
  readonly type?: string;
  readonly limit?: number;
  readonly wait?: number;
}

/** As often as the console looks. A shard serves two readers (DynamoDB developer guide, Streams), and the pipe is one. */
const EVERY_MS = 500;

/** `tail`: events as they are committed. */
export function addTailCommand(program: Command, context: CliContext): void {
  program
    .command('tail')
    .description('events as they are committed, from the outbox’s stream, until it is interrupted')
    .option('--aggregate <aggregate>', 'only those of this AGGREGATE/ID')
    .option('--type <type>', 'only those of this event type')
    .option('--limit <n>', 'end after so many', wholeNumber)
    .option('--wait <seconds>', 'end after so long; exit 1 if --limit was not reached', spanOption)
    .action(async ({ aggregate, type, limit = Infinity, wait = Infinity }: Options, command: Command) => {
      const stack = await context.stack(command);
      const about = aggregate === undefined ? undefined : parseAggregateId(aggregate, stack.aggregate_types);
      const isWanted = (event: LiveEvent): boolean =>
        (type === undefined || event.type === type) &&
        (about === undefined || formatAggregateId(event) === formatAggregateId(about));
      const clients = { dynamodb: context.dynamodb(), streams: context.streams() };
      const tail = new StreamTail(clients, stack.outbox_table_name, context.now);
      const deadline = context.now() + wait * 1_000;
      const json = wantsJson(command);
      let shown = 0;
      const next = (): Promise<Tail> => tail.next();
      const nextOrFromNow = async (): Promise<Tail> => {
        try {
          return await next();
        } catch (error) {
          if (!isExpired(error)) throw error;
          context.progress('the stream could not be read for 15 minutes: what came meanwhile is left out');
          tail.reset();
          return next();
        }
      };
      for (let isFirst = true; ; isFirst = false) {
        const { events, left } = await (isFirst ? next() : patiently(context, nextOrFromNow, deadline));
        // From here on nothing is missed.
        if (isFirst) context.progress('following …');
        if (left > 0) context.progress(`${left} events more came at once, and are left out`);
        for (const event of events.filter(isWanted).slice(0, limit - shown)) {
          context.print(json ? JSON.stringify(event) : sentence(event));
          shown += 1;
        }
        if (shown >= limit) return;
        if (context.now() >= deadline) return void (limit < Infinity && context.setExitCode(1));
        await context.sleep(EVERY_MS);
      }
    });
}

/** An iterator is good for 15 minutes (API reference, GetShardIterator of DynamoDB Streams). */
function isExpired(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExpiredIteratorException';
}

function sentence(event: LiveEvent): string {
  return `${event.committedAt}  ${formatAggregateId(event)} event ${event.sequence}  ${event.type}`;
}
