import type { Command } from 'commander';
import { EXIT, oneLine, progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { nameOf, type DeadLetter } from '../../dead-letters/dead-letter';
import { drop, type DropReport } from '../../dead-letters/drop';
import { isMeant, meansSome } from '../../dead-letters/filter';
import { deadLetterSourceOf } from '../../dead-letters/source';
import type { CliContext } from '../context';
import { addFilterOptions, filterOf, type FilterOptions } from './filter-options';
import { openQueue, portsOf } from './open';

interface Options extends FilterOptions {
  readonly reasonText: string;
  readonly dryRun?: boolean;
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

/** `dlq drop QUEUE`: dead letters go for good. Exit 4 if there is none such, 1 while one may be left. */
export function addDropCommand(dlq: Command, context: CliContext): void {
  const command = dlq
    .command('drop')
    .description('remove dead letters for good, and say which, by whom and why; exit 4 if there is none such')
    .argument('<queue>', 'a consumer, outbox-acknowledger, pipe or outbox-sweeper')
    .option('--dry-run', 'remove none, say which would be')
    .requiredOption('--reason-text <text>', 'why they may go; part of the audit line');
  addFilterOptions(command).action(async (name: string, options: Options, command: Command) => {
    const stack = await context.stack(command);
    const { reasonText, dryRun = false } = options;
    const filter = filterOf(options, stack, context.now());
    if (!meansSome(filter)) {
      throw new UsageError('dlq drop takes --message, --reason, --type, --aggregate, --since or --before', {
        hint: `What is dropped is gone; outboxctl dlq show ${name} says what there is`,
      });
    }
    if (reasonText.trim() === '') throw new UsageError('--reason-text is empty');
    const queue = openQueue(context, stack, deadLetterSourceOf(stack, name));
    const audit = { by: await context.caller(), at: new Date(context.now()).toISOString(), reasonText };
    const json = wantsJson(command);
    // Line by line, as they go: what a failure or a kill cuts short has said what is gone.
    const dropped = (letters: readonly DeadLetter[]): void => {
      for (const { messageId, event, reason } of letters) {
        const line = { dropped: messageId, queue: name, ...(event ? { event } : {}), reason, ...audit };
        const view = dryRun ? { dryRun, ...line } : line;
        context.print(json ? JSON.stringify(view) : `${dryRun ? 'would have ' : ''}${auditLine(line)}`);
      }
    };
    const report = await context.protect((stop) =>
      drop(queue, {
        ...portsOf(context, stop),
        wanted: (letter) => isMeant(letter, filter),
        dryRun,
        dropped,
        progress: progressOf(context, (seen) => `${seen} looked at …`),
      }),
    );
    context.print(
      json ? JSON.stringify({ queue: name, ...(dryRun ? { dryRun } : {}), ...report }) : summary(name, report, dryRun),
    );
    if (report.count === 0) context.setExitCode(EXIT.notFound);
    else if (report.hidden !== undefined || report.unread) context.setExitCode(EXIT.failed);
  });
}

function auditLine({ dropped, queue, event, reason, by, at, reasonText }: AuditLine): string {
  const what = event ? nameOf(event) : 'no event';
  return `dropped ${dropped} of ${queue}  ${what}  ${oneLine(reason)}  by ${by} at ${at}: ${oneLine(reasonText)}`;
}

function summary(name: string, { count, unwanted, hidden, unread, interrupted }: DropReport, dryRun: boolean): string {
  return [
    `${count} ${dryRun ? 'would be ' : ''}dropped from ${name}`,
    ...(unwanted === 0 ? [] : [`${unwanted} others stay`]),
    ...(hidden === undefined ? [] : [`about ${hidden} are held by another run, and weren't looked at`]),
    ...(unread ? ['there are more: run it again for the rest'] : []),
    ...(interrupted ? ['interrupted: run it again for the rest'] : []),
  ].join('; ');
}
