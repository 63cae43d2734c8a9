import type { Command } from 'commander';
import { progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { formatAggregateId } from '../aggregate-id';
import { restoreConsumers, type StepResult } from '../restore/restore-consumers';
import { restoreHeads, type HeadResult, type RestoreOptions, type Unreadable } from '../restore/restore-heads';
import type { CliContext } from './context';

interface Options {
  readonly reason: string;
  readonly dryRun?: boolean;
}

type Result = HeadResult | StepResult | Unreadable;

const WORDS: Readonly<Record<Result['result'], string>> = {
  moved: 'moved',
  'would-move': 'would be moved',
  'moved-meanwhile': 'moved meanwhile: run it again',
  unreadable: 'left as it is',
};

/** `restore heads | consumers`: has a restored outbox table give out no sequence number twice. */
export function addRestoreCommands(program: Command, context: CliContext): void {
  const restore = program
    .command('restore')
    .description('after a table was restored to an earlier time (see its runbook)');

  const add = (
    name: string,
    description: string,
    run: (options: RestoreOptions<Result>) => Promise<number>,
    sentence: (result: Result) => string,
  ): void => {
    restore
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'why; kept beside what is changed')
      .option('--dry-run', 'only say what would be done')
      .action(async ({ reason, dryRun = false }: Options, command: Command) => {
        if (reason.trim() === '') throw new UsageError('--reason is empty');
        const stack = await context.stack(command);
        const json = wantsJson(command);
        const by = dryRun ? '' : await context.caller();
        const counts = { moved: 0, 'would-move': 0, 'moved-meanwhile': 0, unreadable: 0 };
        const report = await context.protect(async (stop) => {
          const aggregates = await run({
            ...{ dynamodb: context.dynamodb(), stack, reason, by, dryRun, stop, now: context.now() },
            found: (result) => {
              counts[result.result] += 1;
              context.print(json ? JSON.stringify(result) : sentence(result));
            },
            progress: progressOf(context, (done) => `${done} aggregates looked at …`),
          });
          return { aggregates, ...counts, ...(stop.aborted ? { interrupted: true } : {}) };
        });
        context.print(json ? JSON.stringify(report) : summary(report));
        if (report.unreadable + report['moved-meanwhile'] > 0) context.setExitCode(1);
      });
  };

  add(
    'heads',
    'move heads past every number that consumers or events bear, so that none is given out again',
    restoreHeads,
    headSentence,
  );
  add(
    'consumers',
    'step in-order consumers over the events that the restore took; first replay what the archive has of them',
    restoreConsumers,
    stepSentence,
  );
}

function headSentence(result: Result): string {
  if (!('gone' in result)) return stepSentence(result);
  const { from, to, knownBy, gone } = result;
  const lost = gone.length === 0 ? '' : `; no event any more: ${ranges(gone)}`;
  const head = from === to ? `head stays at ${to}` : `head ${from} to ${to}, known by ${knownBy}`;
  return `${formatAggregateId(result)}: ${head}${lost}: ${WORDS[result.result]}`;
}

function stepSentence(result: Result): string {
  const name = formatAggregateId(result);
  if (result.result === 'unreadable') return `${name}: ${WORDS.unreadable}: ${result.detail}`;
  const who = 'consumer' in result ? ` at ${result.consumer}` : '';
  return `${name}${who}: event ${result.from} to ${result.to}: ${WORDS[result.result]}`;
}

function summary(
  report: Readonly<Record<Result['result'] | 'aggregates', number>> & { readonly interrupted?: boolean },
) {
  const { aggregates, moved, unreadable, interrupted } = report;
  const others = [
    ...(report['would-move'] > 0 ? [`${report['would-move']} would be moved`] : []),
    ...(report['moved-meanwhile'] > 0 ? [`${report['moved-meanwhile']} moved meanwhile (run it again)`] : []),
    ...(unreadable > 0 ? [`${unreadable} can't be read (outboxctl reconcile)`] : []),
    ...(interrupted ? ['interrupted: run it again for the rest'] : []),
  ];
  return [`${moved} moved of ${aggregates} aggregates`, ...others].join('; ');
}

/** `4, 7 to 9`. */
function ranges(numbers: readonly number[]): string {
  const spans: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const span = spans.at(-1);
    if (span && span.last + 1 === number) span.last = number;
    else spans.push({ first: number, last: number });
  }
  return spans.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`)).join(', ');
}
