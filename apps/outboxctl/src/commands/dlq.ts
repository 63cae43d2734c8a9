import { InvalidArgumentError, type Command } from 'commander';
import { EXIT, oneLine, progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId, parseAggregateId } from '../aggregate-id';
import { isAbout, type DeadLetter } from '../dead-letters/dead-letter';
import { DeadLetterQueue } from '../dead-letters/dead-letter-queue';
import { drop } from '../dead-letters/drop';
import { redrive, type RedriveReport } from '../dead-letters/redrive';
import { consumerOf, deadLetterUrlOf, type ConsumerOutput } from '../stack';
import type { CliContext } from './context';

interface ShowOptions {
  readonly limit: number;
  readonly body?: boolean;
}

interface DropOptions {
  readonly message?: string;
  readonly reason?: string;
  readonly aggregate?: string;
  readonly reasonText: string;
}

interface RedriveOptions {
  readonly message: readonly string[];
  readonly reason?: string;
  readonly aggregate?: string;
}

/** While `show` reads; then they are seen again. */
const SHOWN_SECONDS = 30;

/** `dlq list | show | redrive | drop`: what consumers could not process, why, and how it comes back to them or goes. */
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
    .option('--body', 'each with its body')
    .action(async (name: string, { limit, body }: ShowOptions, command: Command) => {
      const queue = new DeadLetterQueue(context.sqs(), deadLetterUrlOf(await context.stack(command), name));
      const letters: DeadLetter[] = [];
      await context.protect(async (stop) => {
        try {
          for await (const batch of queue.receive(limit, SHOWN_SECONDS, stop)) letters.push(...batch);
        } finally {
          await queue.release(letters);
        }
      });
      if (wantsJson(command)) return context.print(JSON.stringify(letters.map(view)));
      for (const letter of letters) {
        context.print(sentence(letter));
        if (body) context.print(`  ${oneLine(letter.body)}`);
      }
      if (letters.length === 0) return context.print(`no dead letters of ${name}`);
      context.print(`by reason: ${byReason(letters)}`);
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

  dlq
    .command('drop')
    .description('remove dead letters for good, and say which, by whom and why; exit 4 if there is none such')
    .argument('<queue>', 'a consumer, or outbox-acknowledger')
    .option('--message <id>', 'the one of this message id (dlq show --json)')
    .option('--reason <reason>', 'only those that died of it')
    .option('--aggregate <aggregate>', 'only those about this AGGREGATE/ID')
    .requiredOption('--reason-text <text>', 'why they may go; part of the audit line')
    .action(async (name: string, options: DropOptions, command: Command) => {
      const { message, reason, aggregate, reasonText } = options;
      if (message === undefined && reason === undefined && aggregate === undefined) {
        throw new UsageError('dlq drop takes --message, --reason or --aggregate', {
          hint: `What is dropped is gone; outboxctl dlq show ${name} says what there is`,
        });
      }
      if (reasonText.trim() === '') throw new UsageError('--reason-text is empty');
      const stack = await context.stack(command);
      const only = aggregate === undefined ? undefined : parseAggregateId(aggregate, stack.aggregate_types);
      const queue = new DeadLetterQueue(context.sqs(), deadLetterUrlOf(stack, name));
      const audit = { by: await context.caller(), at: new Date(context.now()).toISOString(), reasonText };
      const wanted = (letter: DeadLetter): boolean =>
        (message === undefined || letter.messageId === message) &&
        (reason === undefined || letter.reason === reason) &&
        (only === undefined || isAbout(letter, only));
      const json = wantsJson(command);
      // Line by line, as they go: what a failure or a kill cuts short has said what is gone.
      const dropped = (letters: readonly DeadLetter[]): void => {
        for (const { messageId, event, reason: itsReason } of letters) {
          const line = { dropped: messageId, queue: name, ...(event ? { event } : {}), reason: itsReason, ...audit };
          context.print(json ? JSON.stringify(line) : auditLine(line));
        }
      };
      const report = await context.protect((stop) => drop(queue, { wanted, dropped, stop }));
      const { unwanted, interrupted } = report;
      const counts = { queue: name, count: report.dropped.length, unwanted, ...(interrupted ? { interrupted } : {}) };
      const rest = `${unwanted === 0 ? '' : `; ${unwanted} others stay`}${interrupted ? '; interrupted: run it again for the rest' : ''}`;
      context.print(json ? JSON.stringify(counts) : `${report.dropped.length} dropped from ${name}${rest}`);
      if (report.dropped.length === 0) context.setExitCode(EXIT.notFound);
    });
}

/** One dead letter that was dropped, for whoever asks later. */
interface AuditLine {
  readonly dropped: string;
  readonly queue: string;
  readonly event?: NonNullable<DeadLetter['event']>;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly reasonText: string;
}

function auditLine({ dropped, queue, event, reason, by, at, reasonText }: AuditLine): string {
  const what = event ? `${formatAggregateId(event)} event ${event.sequence}  ${event.type}` : 'no event';
  return `dropped ${dropped} of ${queue}  ${what}  ${reason}  by ${by} at ${at}: ${oneLine(reasonText)}`;
}

/** `2 gap, 1 rejected`, the most frequent first. */
function byReason(letters: readonly DeadLetter[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  return sorted.map(([reason, times]) => `${times} ${reason}`).join(', ');
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
