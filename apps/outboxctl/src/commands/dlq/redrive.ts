import type { Command } from 'commander';
import { positive, progressOf, wantsJson } from '@outbox/cli-kit';
import { byReason } from '../../dead-letters/dead-letter';
import { isMeant, meansSome, type LetterFilter } from '../../dead-letters/filter';
import { redrive, type RedriveReport } from '../../dead-letters/redrive';
import { deadLetterSourceOf, type DeadLetterSource } from '../../dead-letters/source';
import type { CliContext } from '../context';
import { addFilterOptions, filterOf, type FilterOptions } from './filter-options';
import { openQueue, portsOf, wayOf } from './open';

interface Options extends FilterOptions {
  readonly dryRun?: boolean;
  readonly rate?: number;
}

/** A run, for whoever asks later. */
interface Audit {
  readonly by: string;
  /** ISO-8601. */
  readonly at: string;
}

/** `dlq redrive QUEUE`: dead letters come back. Exit 1 while something of what was asked for is left. */
export function addRedriveCommand(dlq: Command, context: CliContext): void {
  const command = dlq
    .command('redrive')
    .description(
      'bring dead letters back: to a consumer’s queue, in order for an in-order one; the pipe’s and the sweeper’s by the sweeper; exit 1 while one of them is left',
    )
    .argument('<queue>', 'a consumer, outbox-acknowledger, pipe or outbox-sweeper')
    .option('--dry-run', 'bring none back, say which would be')
    .option('--rate <n>', 'at most so many a second', positive);
  addFilterOptions(command).action(async (name: string, options: Options, command: Command) => {
    const stack = await context.stack(command);
    const source = deadLetterSourceOf(stack, name);
    const now = context.now();
    const filter = filterOf(options, stack, now);
    const { dryRun = false, rate } = options;
    const by = await context.caller();
    const report = await context.protect((stop) =>
      redrive(openQueue(context, stack, source), {
        ...portsOf(context, stop),
        way: wayOf(context, stack, source),
        wanted: (letter) => isMeant(letter, filter),
        dryRun,
        ...(rate === undefined ? {} : { rate }),
        progress: progressOf(context, (moved) => `${moved} sent …`),
      }),
    );
    const audit = { by, at: new Date(now).toISOString() };
    const view = { queue: name, ...(dryRun ? { dryRun } : {}), ...report, ...chosenBy(filter), ...audit };
    context.print(wantsJson(command) ? JSON.stringify(view) : sentences(source, report, dryRun, audit));
    if (!dryRun && leftOf(report) > 0) context.setExitCode(1);
  });
}

/** How many of those that were asked for are left. */
function leftOf({ unreadable, encrypted = 0, kept = 0, returned, hidden = 0, unread }: RedriveReport): number {
  return unreadable + encrypted + kept + returned + hidden + (unread ? 1 : 0);
}

function chosenBy(filter: LetterFilter): { readonly filter?: LetterFilter } {
  return meansSome(filter) ? { filter } : {};
}

/** What a redrive did for each kind of queue. */
function done({ kind, name }: DeadLetterSource, count: number, dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  switch (kind) {
    case 'pipe':
      return `${count} of the pipe ${would}done with: their events are published, or due (now: outboxctl sweep)`;
    case 'sweeper':
      return `${count} missed sweeps ${would}made up for by one`;
    default:
      return `${count} ${would}sent back to ${name}`;
  }
}

/** Why some letters of a kind can't be brought back at all, or not now. */
const STAY: Readonly<Record<DeadLetterSource['kind'], { readonly unreadable: string; readonly kept: string }>> = {
  consumer: { unreadable: 'they are not events', kept: '' },
  acknowledger: { unreadable: 'they are not events', kept: '' },
  pipe: {
    unreadable: 'the stream no longer has their records; outboxctl reconcile says whether anything is missing',
    kept: 'the sweeper gave their events up, outboxctl failed list says why',
  },
  sweeper: { unreadable: '', kept: '' },
};

function sentences(source: DeadLetterSource, report: RedriveReport, dryRun: boolean, { by, at }: Audit): string {
  const { redriven, reasons, unwanted, unreadable, encrypted = 0, kept = 0, returned, hidden = 0 } = report;
  const { name, kind } = source;
  const stay = [
    ...(unwanted === 0 ? [] : [`${unwanted} others stay`]),
    ...(unreadable === 0 ? [] : [`${unreadable} stay: ${STAY[kind].unreadable} (outboxctl dlq show ${name})`]),
    ...(encrypted === 0
      ? []
      : [
          `${encrypted} stay: EventBridge left them encrypted; once it may use its key, outboxctl reconcile --repair has their events published again`,
        ]),
    ...(kept === 0 ? [] : [`${kept} stay: ${STAY[kind].kept}`]),
    ...(returned === 0 ? [] : [`${returned} died again at once: mend their reason first`]),
    ...(hidden === 0 ? [] : [`about ${hidden} are held by another run: run it again when that has ended`]),
    ...(report.unread ? ['there are more: run it again for the rest'] : []),
    ...(report.interrupted
      ? [`interrupted: ${report.interrupted.givenBack} that were received are back in the queue`]
      : []),
  ];
  const why = dryRun && redriven > 0 ? ` (${byReason(new Map(Object.entries(reasons)))})` : '';
  const result = [`${done(source, redriven, dryRun)}${why}`, ...stay].join('; ');
  return dryRun ? result : `${result}\nby ${by} at ${at}`;
}
