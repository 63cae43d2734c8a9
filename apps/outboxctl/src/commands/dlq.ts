import { InvalidArgumentError, type Command } from 'commander';
import { progressOf, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId } from '../aggregate-id';
import type { DeadLetter } from '../dead-letters/dead-letter';
import { DeadLetterQueue } from '../dead-letters/dead-letter-queue';
import { redrive, type RedriveReport } from '../dead-letters/redrive';
import { consumerOf, type ConsumerOutput } from '../stack';
import type { CliContext } from './context';

interface ShowOptions {
  readonly limit: number;
}

interface RedriveOptions {
  readonly message: readonly string[];
  readonly reason?: string;
  readonly aggregate?: string;
}

/** While `show` reads; then they are seen again. */
const SHOWN_SECONDS = 30;

/** `dlq list | show | redrive`: what consumers could not process, why, and how it comes back to them. */
export function addDlqCommands(program: Command, context: CliContext): void {
  const dlq = program.command('dlq').description('dead letters of the consumers');
  const queueOf = ({ dlq_url }: ConsumerOutput): DeadLetterQueue => new DeadLetterQueue(context.sqs(), dlq_url);

  dlq
    .command('list')
    .description('how many dead letters each consumer has; exit 1 if any')
    .action(async (_options: unknown, command: Command) => {
      const stack = await context.stack(command);
      const depths = await Promise.all(
        Object.entries(stack.consumers).map(async ([consumer, output]) => ({
          consumer,
          ...(await queueOf(output).depth()),
        })),
      );
      if (wantsJson(command)) context.print(JSON.stringify(depths));
      else {
        const width = Math.max(...depths.map(({ consumer }) => consumer.length));
        for (const { consumer, waiting, underWay } of depths) {
          const received = underWay === 0 ? '' : `, ${underWay} received by somebody`;
          context.print(`${consumer.padEnd(width)}  ${waiting === 0 ? 'none' : `${waiting} dead`}${received}`);
        }
      }
      if (depths.some(({ waiting, underWay }) => waiting + underWay > 0)) context.setExitCode(1);
    });

  dlq
    .command('show')
    .description('dead letters with their reasons; they stay where they are')
    .argument('<consumer>')
    .option('--limit <n>', 'how many at most', count, 20)
    .action(async (name: string, { limit }: ShowOptions, command: Command) => {
      const queue = queueOf(consumerOf(await context.stack(command), name));
      const letters: DeadLetter[] = [];
      await context.protect(async (stop) => {
        try {
          for await (const batch of queue.receive(limit, SHOWN_SECONDS, stop)) letters.push(...batch);
        } finally {
          await queue.release(letters);
        }
      });
      if (wantsJson(command)) return context.print(JSON.stringify(letters.map(view)));
      for (const letter of letters) context.print(sentence(letter));
      if (letters.length === 0) return context.print(`no dead letters of ${name}`);
      const depth = letters.length < limit ? undefined : await queue.depth();
      const all = depth === undefined ? 0 : depth.waiting + depth.underWay;
      const shown = all > letters.length ? `of ${all} shown (--limit shows more)` : 'shown';
      context.print(`${letters.length} ${shown}; once the reason is mended: outboxctl dlq redrive ${name}`);
    });

  dlq
    .command('redrive')
    .description('send dead letters back to the consumer’s queue; for an in-order consumer by aggregate and sequence')
    .argument('<consumer>')
    .option('--message <id>', 'only the one of this message id (dlq show --json); again for another', collect, [])
    .option('--reason <reason>', 'only those that died of it, such as gap')
    .option('--aggregate <aggregate>', 'only those of this AGGREGATE/ID')
    .action(async (name: string, { message, reason, aggregate }: RedriveOptions, command: Command) => {
      const stack = await context.stack(command);
      const consumer = consumerOf(stack, name);
      const only = aggregate === undefined ? undefined : parseAggregateId(aggregate, stack.aggregate_types);
      const wanted = ({ messageId, reason: itsReason, event }: DeadLetter): boolean =>
        (message.length === 0 || message.includes(messageId)) &&
        (reason === undefined || itsReason === reason) &&
        (only === undefined || (event?.aggregate === only.aggregate && event.id === only.id));
      const progress = progressOf(context, (moved) => `${moved} sent …`);
      const report = await context.protect((stop) =>
        redrive(queueOf(consumer), { consumer, wanted, progress, say: context.progress, stop }),
      );
      context.print(wantsJson(command) ? JSON.stringify({ consumer: name, ...report }) : summary(name, report));
      if (report.unreadable + (report.encrypted ?? 0) + report.returned + (report.hidden ?? 0) > 0)
        context.setExitCode(1);
    });
}

function view({ receiptHandle: _receiptHandle, ...letter }: DeadLetter): object {
  return letter;
}

function sentence({ event, reason, detail, receiveCount, firstReceivedAt, messageId }: DeadLetter): string {
  const what = event ? `${formatAggregateId(event)} event ${event.sequence}  ${event.type}` : `message ${messageId}`;
  const when = [
    ...(firstReceivedAt === undefined ? [] : [`first received ${firstReceivedAt}`]),
    ...(receiveCount === undefined ? [] : [`received ${receiveCount} times`]),
  ];
  return [what, `${reason}${detail === undefined ? '' : `: ${detail}`}`, ...when].join('  ');
}

function summary(name: string, report: RedriveReport): string {
  const { redriven, unwanted, unreadable, encrypted = 0, returned, hidden = 0, interrupted } = report;
  const stay = [
    ...(unwanted === 0 ? [] : [`${unwanted} others stay`]),
    ...(unreadable === 0 ? [] : [`${unreadable} stay: they are not events (outboxctl dlq show ${name})`]),
    ...(encrypted === 0
      ? []
      : [
          `${encrypted} stay: EventBridge left them encrypted; once it may use its key, outboxctl reconcile --repair has their events published again`,
        ]),
    ...(returned === 0 ? [] : [`${returned} died again at once: mend their reason first`]),
    ...(hidden === 0
      ? []
      : [`about ${hidden} are held by another run, or one that was killed: they can be received again in 15 minutes`]),
    ...(interrupted ? [`interrupted: ${interrupted.givenBack} that were received are back in the queue`] : []),
  ];
  return [`${redriven} sent back to ${name}`, ...stay].join('; ');
}

function collect(id: string, known: readonly string[]): readonly string[] {
  return [...known, id];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It takes a number from 1 to 99999.');
  return Number(text);
}
