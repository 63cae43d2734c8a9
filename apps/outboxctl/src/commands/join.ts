import { Option, type Command } from 'commander';
import { progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import type { Start, StartFrom } from '@outbox/inbox-dynamodb';
import { checkStart, recordStart, type Joining } from '../join/check-start';
import { checkBeginnings, holdsSince } from '../join/from-beginning';
import { seedHeads, type Seeded } from '../join/from-now';
import { replayTo } from '../join/replay-to';
import { archiveOf } from '../replay/archive';
import { describeReplay, followReplay } from '../replay/follow';
import { isOver, type Replay } from '../replay/replay';
import { Memories } from '../repeats';
import { consumerOf } from '../stack';
import type { CliContext } from './context';
import { nowOption, secondsOption, timeNow, type TimeOf } from './options';

interface Options {
  readonly from: StartFrom;
  readonly dryRun?: boolean;
  readonly wait?: number;
  readonly acceptSkipped?: boolean;
  readonly now?: TimeOf;
}

/** What became of a join, as `--json` prints it. */
interface Joined extends Omit<Start, 'by'>, Partial<Seeded> {
  readonly consumer: string;
  readonly dryRun?: true;
  readonly interrupted?: true;
  /** From the beginning: aggregates whose first event the archive holds. */
  readonly aggregates?: number;
  readonly replay?: Replay;
}

/** `join CONSUMER --from now|beginning`: a consumer that was added to a stack with events begins. Safe to repeat. */
export function addJoinCommand(program: Command, context: CliContext): void {
  program
    .command('join')
    .description(
      'have a consumer that is new to a stack begin: with what is committed from now on, or with all there ever was',
    )
    .argument('<consumer>')
    .addOption(new Option('--from <start>', 'what it begins with').choices(['now', 'beginning']).makeOptionMandatory())
    .option('--dry-run', 'say what would be done, and do nothing')
    .option(
      '--wait <seconds>',
      'with --from beginning: wait until all has been sent; exit 1 when it failed or takes longer',
      secondsOption,
    )
    .option('--accept-skipped', 'with --from now: also a consumer that is older than a day')
    .addOption(nowOption('the time to begin at'))
    .action(async (name: string, options: Options, command: Command) => {
      const stack = await context.stack(command);
      const consumer = consumerOf(stack, name);
      const { from, dryRun = false, acceptSkipped = false } = options;
      if (options.wait !== undefined && from === 'now') throw new UsageError('--wait is for --from beginning');
      const now = timeNow(context, options.now);
      const dynamodb = context.dynamodb();
      const memories = new Memories(context, stack, now);
      const joining: Joining = { dynamodb, stack, name, consumer, memories, from, now, acceptSkipped };
      const start = (await checkStart(joining)) ?? {
        from,
        at: new Date(now).toISOString(),
        by: dryRun ? '' : await context.caller(),
      };
      const joined = await context.protect((stop) =>
        from === 'now'
          ? joinNow(context, joining, start, dryRun, stop)
          : joinFromBeginning(context, joining, start, options, stop),
      );
      context.print(wantsJson(command) ? JSON.stringify(joined) : sentence(joined));
      if (options.wait !== undefined && joined.replay?.state !== 'COMPLETED') context.setExitCode(1);
    });
}

async function joinNow(
  context: CliContext,
  joining: Joining,
  wanted: Start,
  dryRun: boolean,
  stop: AbortSignal,
): Promise<Joined> {
  const { name, consumer } = joining;
  const { from, at } = dryRun ? wanted : await recordStart(joining, wanted);
  const progress = progressOf(context, (aggregates) => `${aggregates} aggregates looked at …`);
  // A once consumer asks for no predecessor: there is nothing to be written for it but its start.
  const seeded = consumer.policy === 'once' ? {} : await seedHeads({ ...joining, at, dryRun, progress, stop });
  return { consumer: name, from, at, ...seeded, ...(dryRun ? { dryRun } : {}), ...(stop.aborted ? INTERRUPTED : {}) };
}

async function joinFromBeginning(
  context: CliContext,
  joining: Joining,
  wanted: Start,
  { dryRun, wait }: Options,
  stop: AbortSignal,
): Promise<Joined> {
  const { dynamodb, stack, name, consumer, now } = joining;
  const clients = { eventbridge: context.eventbridge(), sqs: context.sqs() };
  const since = holdsSince(await archiveOf(clients.eventbridge, stack), now);
  const progress = progressOf(context, (aggregates) => `${aggregates} aggregates looked at …`);
  const aggregates = await checkBeginnings(dynamodb, stack, consumer, { since, progress, stop });
  const joined = { consumer: name, from: wanted.from, at: wanted.at, aggregates };
  if (dryRun) return { ...joined, dryRun };
  if (stop.aborted) return { ...joined, ...INTERRUPTED };
  const { at } = await recordStart(joining, wanted);
  const started = await replayTo(clients, stack, { consumer: name, start: at, since, now });
  const replay = wait === undefined ? started : await followReplay(context, stack, started, wait, stop);
  if (stop.aborted && !isOver(replay)) {
    context.progress(`the replay goes on without being watched; to stop it: outboxctl replay cancel ${replay.name}`);
  }
  return { ...joined, at, replay };
}

const INTERRUPTED = { interrupted: true } as const;

function sentence({ consumer, from, at, seeded, known, aggregates, replay, dryRun, interrupted }: Joined): string {
  const begins = `${consumer} ${dryRun ? 'would begin' : 'begins'}`;
  if (interrupted) return `interrupted: ${consumer} is half-way; the same command goes on`;
  if (from === 'beginning') {
    const all = `${begins} at the beginning of ${aggregates ?? 0} aggregates`;
    return replay ? `${all}\n${describeReplay(replay)}\nWhat it makes of it: outboxctl lag` : all;
  }
  const heads =
    seeded === undefined ? '' : `: ${seeded} older aggregates left aside up to there, ${known ?? 0} it knows already`;
  return `${begins} with what is committed from ${at} on${heads}`;
}
