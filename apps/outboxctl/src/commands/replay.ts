import type { Command } from 'commander';
import { NotFoundError, progressOf, UsageError, wantsJson } from '@outbox/cli-kit';
import { parseAggregateId } from '../aggregate-id';
import { keyOfAggregate } from '../aggregate-key';
import { holdsSince } from '../join/from-beginning';
import { archiveOf } from '../replay/archive';
import { checkReplay } from '../replay/check';
import { describeReplay, followReplay, replayStamp } from '../replay/follow';
import { cancelReplay, isOver, listReplays, readReplay, startReplay } from '../replay/replay';
import { resend, type Resent } from '../replay/resend';
import { ACCEPT_REPEATS, Memories } from '../repeats';
import type { Stack } from '../stack';
import type { CliContext } from './context';
import { secondsOption, nowOption, timeNow, timeOption, type TimeOf } from './options';

interface Options {
  readonly aggregate?: string;
  readonly type?: string;
  readonly dryRun?: boolean;
  readonly from?: TimeOf;
  readonly to?: TimeOf;
  readonly consumer?: string;
  readonly name?: string;
  readonly wait?: number;
  readonly acceptRepeats?: boolean;
  readonly now?: TimeOf;
}

/** EventBridge may take so long to archive an event. Source: EventBridge user guide, "Archiving and replaying events". */
const ARCHIVE_DELAY_MS = 600_000;

/** `replay` and `replay list | cancel`: archived events go to consumers again. */
export function addReplayCommand(program: Command, context: CliContext): void {
  const replay = program
    .command('replay')
    .description(
      'send what the archive holds of a time to one consumer or all again, or events of an aggregate or type from the outbox to one; whoever did it already does nothing the second time',
    )
    .option('--aggregate <aggregate>', 'with --consumer: the events of this AGGREGATE/ID, from the outbox’s table')
    .option('--type <type>', 'with --consumer: the events of this type, from the outbox’s table, which is scanned')
    .option('--dry-run', 'with --aggregate or --type: send none, say how many would be')
    .addOption(timeOption('--from <time>', 'when the first of the events came to the bus'))
    .addOption(timeOption('--to <time>', 'until when, exclusive; now unless given'))
    .option('--consumer <name>', 'this one only')
    .option('--name <name>', 'what the replay is called; the archive and the time unless given')
    .option('--wait <seconds>', 'wait until all has been sent; exit 1 when it failed or takes longer', secondsOption)
    .option(ACCEPT_REPEATS, 'replay also what `once` consumers have forgotten and will do again')
    .addOption(nowOption('the time to judge by'))
    .action(async (options: Options, command: Command) => {
      const stack = await context.stack(command);
      const now = timeNow(context, options.now);
      if (options.aggregate !== undefined || options.type !== undefined) {
        return replayFromOutbox(context, stack, options, now, wantsJson(command));
      }
      if (options.dryRun) throw new UsageError('--dry-run is for --aggregate and --type');
      const to = options.to?.(now) ?? now;
      const wanted = { ...options, from: options.from?.(now), to };
      const { consumers, from } = await checkReplay(stack, wanted, now, new Memories(context, stack, now));
      const name = options.name ?? `${stack.archive_name}-${replayStamp(now)}`;
      if (now - to < ARCHIVE_DELAY_MS) {
        context.progress('EventBridge may take ten minutes to archive an event: the newest may be missing');
      }
      const eventbridge = context.eventbridge();
      const last = await context.protect(async (stop) => {
        checkHeld(context, holdsSince(await archiveOf(eventbridge, stack), now), { from, to });
        await startReplay({ eventbridge, sqs: context.sqs() }, stack, { name, from, to, consumers });
        const started = await readReplay(eventbridge, stack, name);
        if (options.wait === undefined) return started;
        const seen = await followReplay(context, stack, started, options.wait, stop);
        if (stop.aborted && !isOver(seen)) {
          context.progress(`the replay goes on without being watched; to stop it: outboxctl replay cancel ${name}`);
        }
        return seen;
      });
      context.print(
        wantsJson(command)
          ? JSON.stringify({ ...last, consumers })
          : `${describeReplay(last)}, to ${consumers.join(', ')}\nWhat they make of it: outboxctl lag`,
      );
      if (options.wait !== undefined && last.state !== 'COMPLETED') context.setExitCode(1);
    });

  replay
    .command('list')
    .description('the replays of the archive, the newest first')
    .action(async (_options: unknown, command: Command) => {
      const replays = await listReplays(context.eventbridge(), await context.stack(command));
      if (wantsJson(command)) return context.print(JSON.stringify(replays));
      for (const each of replays) context.print(describeReplay(each));
      if (replays.length === 0) context.print('no replays');
    });

  replay
    .command('cancel')
    .description('stop a replay; what it has sent stays sent')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const stack = await context.stack(command);
      const state = await context.protect(() => cancelReplay(context.eventbridge(), stack, name));
      context.print(wantsJson(command) ? JSON.stringify({ name, state }) : `replay ${name}: ${state}`);
    });
}

/**
 * Says what of the time the archive has nothing any more, since when it holds events (epoch milliseconds).
 * @throws NotFoundError when that is all of it: the replay would send nothing, and end as one that went well
 */
function checkHeld(context: CliContext, since: number, { from, to }: { readonly from: number; readonly to: number }) {
  if (from >= since) return;
  const holds = `the archive holds what came to the bus since ${new Date(since).toISOString()}`;
  if (to <= since) {
    throw new NotFoundError(`${holds}, and nothing of that time`, {
      hint: 'What a consumer lacks of it has to be made good from your own tables; outboxctl skip steps an in-order one over it',
    });
  }
  context.progress(`${holds}: nothing older is sent`);
}

/** Sends an aggregate's or a type's events from the outbox's table to one consumer. Exit 1 when some were left out. */
async function replayFromOutbox(
  context: CliContext,
  stack: Stack,
  { aggregate, type, from, to, consumer, wait, acceptRepeats = false, dryRun = false, name }: Options,
  now: number,
  json: boolean,
): Promise<void> {
  if (consumer === undefined) throw new UsageError('replay of an aggregate or a type takes --consumer');
  if (wait !== undefined) throw new UsageError('--wait is for a replay of the archive', { hint: 'Leave it out' });
  const about = aggregate === undefined ? undefined : parseAggregateId(aggregate, stack.aggregate_types);
  const report = await context.protect((stop) =>
    resend({ dynamodb: context.dynamodb(), sqs: context.sqs(), lambda: context.lambda }, stack, {
      consumer,
      filter: {
        ...(about === undefined ? {} : { pk: keyOfAggregate(about) }),
        ...(type === undefined ? {} : { type }),
        ...(from === undefined ? {} : { since: from(now) }),
        ...(to === undefined ? {} : { before: to(now) }),
      },
      name: name ?? `outboxctl-${replayStamp(now)}`,
      ...{ acceptRepeats, dryRun, now, stop },
      progress: progressOf(context, (sent) => `${sent} sent …`),
      say: context.progress,
    }),
  );
  const view = { consumer, ...(dryRun ? { dryRun } : {}), ...report };
  context.print(json ? JSON.stringify(view) : resentSentence(consumer, dryRun, report));
  if (report.withheld + report.unreadable + (report.tooLarge ?? 0) > 0) context.setExitCode(1);
}

function resentSentence(
  consumer: string,
  dryRun: boolean,
  { sent, withheld, unreadable, tooLarge = 0, interrupted }: Resent,
): string {
  return [
    `${sent} ${dryRun ? 'would be ' : ''}sent to ${consumer}`,
    ...(withheld === 0 ? [] : [`${withheld} left out: it may have done and forgotten them (${ACCEPT_REPEATS})`]),
    ...(unreadable === 0 ? [] : [`${unreadable} left out: they can't be read (outboxctl reconcile)`]),
    ...(tooLarge === 0
      ? []
      : [`${tooLarge} left out: too large for a message of SQS (a replay of the archive fails, too)`]),
    ...(interrupted ? ['interrupted: the others were not sent'] : []),
  ].join('; ');
}
