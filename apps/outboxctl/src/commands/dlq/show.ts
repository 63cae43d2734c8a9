import { InvalidArgumentError, type Command } from 'commander';
import { oneLine, wantsJson } from '@outbox/cli-kit';
import { byReason, countReasons, eventsOf, nameOf, type DeadLetter } from '../../dead-letters/dead-letter';
import { isMeant, meansSome } from '../../dead-letters/filter';
import { lookAt } from '../../dead-letters/look';
import { deadLetterSourceOf, isHandler } from '../../dead-letters/source';
import type { CliContext } from '../context';
import { addFilterOptions, filterOf, type FilterOptions } from './filter-options';
import { openQueue, portsOf } from './open';

interface Options extends FilterOptions {
  readonly limit: number;
  readonly body?: boolean;
}

/** Of a dead letter of the pipe: more are said to be there. */
const SHOWN_EVENTS = 3;

/** `dlq show QUEUE`: dead letters one by one. */
export function addShowCommand(dlq: Command, context: CliContext): void {
  const show = dlq
    .command('show')
    .description('dead letters with their reasons and last errors; they stay where they are')
    .argument('<queue>', 'a consumer, outbox-acknowledger, pipe or outbox-sweeper')
    .option('--limit <n>', 'how many at most', count, 20)
    .option('--body', 'each with its body and its attributes');
  addFilterOptions(show).action(async (name: string, options: Options, command: Command) => {
    const stack = await context.stack(command);
    const source = deadLetterSourceOf(stack, name);
    const queue = openQueue(context, stack, source);
    const filter = filterOf(options, stack, context.now());
    const found: DeadLetter[] = [];
    const most = meansSome(filter) ? undefined : options.limit;
    await context.protect((stop) =>
      lookAt(
        queue,
        portsOf(context, stop),
        (letters) => found.push(...letters.filter((letter) => isMeant(letter, filter))),
        most,
      ),
    );
    const letters = found.slice(0, options.limit);
    if (wantsJson(command)) return context.print(JSON.stringify(letters.map(view)));
    for (const letter of letters) {
      context.print(sentence(letter));
      if (options.body) for (const line of bodyOf(letter)) context.print(`  ${line}`);
    }
    if (letters.length === 0) return context.print(`no ${meansSome(filter) ? 'such ' : ''}dead letters of ${name}`);
    context.print(`by reason: ${byReason(countReasons(found))}`);
    const all = most === undefined || letters.length < most ? found.length : await depthOf(queue);
    const shown = all > letters.length ? `of ${all} shown (--limit shows more)` : 'shown';
    // What carries no event of the bus, no consumer can ever do.
    const isNoise = isHandler(source) && found.every(({ event }) => !event);
    const next = isNoise
      ? `no event is among them, so none can go back: outboxctl dlq drop ${name} --reason REASON --reason-text WHY`
      : `once the reason is mended: outboxctl dlq redrive ${name}`;
    context.print(`${letters.length} ${shown}; ${next}`);
  });
}

async function depthOf(queue: ReturnType<typeof openQueue>): Promise<number> {
  const { waiting, underWay } = await queue.depth();
  return waiting + underWay;
}

/** What others are told of a letter: a receipt handle is good for nothing but to take it away. */
function view({ receiptHandle: _receiptHandle, position: _position, ...letter }: DeadLetter): object {
  return letter;
}

function sentence(letter: DeadLetter): string {
  const { reason, detail, receiveCount, firstReceivedAt, sentAt, messageId } = letter;
  const events = eventsOf(letter);
  const others = events.length > SHOWN_EVENTS ? [`and ${events.length - SHOWN_EVENTS} more`] : [];
  const what =
    events.length === 0 ? `message ${messageId}` : [...events.slice(0, SHOWN_EVENTS).map(nameOf), ...others].join(', ');
  const when = [
    ...(sentAt === undefined ? [] : [`set aside ${sentAt}`]),
    ...(firstReceivedAt === undefined ? [] : [`first received ${firstReceivedAt}`]),
    ...(receiveCount === undefined ? [] : [receiveCount === 1 ? 'received once' : `received ${receiveCount} times`]),
  ];
  return [what, `${oneLine(reason)}${detail === undefined ? '' : `: ${oneLine(detail)}`}`, ...when].join('  ');
}

function bodyOf({ body, attributes }: DeadLetter): string[] {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [oneLine(body), ...(pairs.length === 0 ? [] : [`attributes: ${pairs.join(' ')}`])];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It takes a number from 1 to 99999.');
  return Number(text);
}
