import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { checkReplay } from '../replay/check';
import { cancelReplay, isOver, listReplays, readReplay, startReplay, type Replay } from '../replay/replay';
import { ACCEPT_REPEATS } from '../repeats';
import type { Stack } from '../stack';
import type { CliContext } from './context';
import { secondsOption, nowOption, timeNow, timeOption, type TimeOf } from './options';

interface Options {
  readonly from?: TimeOf;
  readonly to?: TimeOf;
  readonly consumer?: string;
  readonly name?: string;
  readonly wait?: number;
  readonly acceptRepeats?: boolean;
  readonly now?: TimeOf;
}

const LOOK_AGAIN_EVERY_MS = 1_000;
/** EventBridge may take so long to archive an event. Source: EventBridge user guide, "Archiving and replaying events". */
const ARCHIVE_DELAY_MS = 600_000;

/** `replay` and `replay list | cancel`: archived events go to consumers again. */
export function addReplayCommand(program: Command, context: CliContext): void {
  const replay = program
    .command('replay')
    .description(
      'send what the archive holds of a time to one consumer or all again; whoever did it already does nothing the second time',
    )
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
      const to = options.to?.(now) ?? now;
      const { consumers, from } = checkReplay(stack, { ...options, from: options.from?.(now), to }, now);
      const name = options.name ?? `${stack.archive_name}-${stamp(now)}`;
      if (now - to < ARCHIVE_DELAY_MS) {
        context.progress('EventBridge may take ten minutes to archive an event: the newest may be missing');
      }
      const eventbridge = context.eventbridge();
      const last = await context.protect(async (stop) => {
        await startReplay({ eventbridge, sqs: context.sqs() }, stack, { name, from, to, consumers });
        const started = await readReplay(eventbridge, stack, name);
        if (options.wait === undefined) return started;
        const seen = await follow(context, stack, started, options.wait, stop);
        if (stop.aborted && !isOver(seen)) {
          context.progress(`the replay goes on without being watched; to stop it: outboxctl replay cancel ${name}`);
        }
        return seen;
      });
      context.print(
        wantsJson(command)
          ? JSON.stringify({ ...last, consumers })
          : `${sentence(last)}, to ${consumers.join(', ')}\nWhat they make of it: outboxctl lag`,
      );
      if (options.wait !== undefined && last.state !== 'COMPLETED') context.setExitCode(1);
    });

  replay
    .command('list')
    .description('the replays of the archive, the newest first')
    .action(async (_options: unknown, command: Command) => {
      const replays = await listReplays(context.eventbridge(), await context.stack(command));
      if (wantsJson(command)) return context.print(JSON.stringify(replays));
      for (const each of replays) context.print(sentence(each));
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

/** Looks until the replay is over, the time is, or `stop` says so; tells how far it is whenever that changed. */
async function follow(
  context: CliContext,
  stack: Stack,
  started: Replay,
  seconds: number,
  stop: AbortSignal,
): Promise<Replay> {
  const deadline = context.now() + seconds * 1000;
  let replay = started;
  for (;;) {
    if (isOver(replay) || stop.aborted || context.now() >= deadline) return replay;
    await context.sleep(LOOK_AGAIN_EVERY_MS, stop);
    const next = await readReplay(context.eventbridge(), stack, started.name);
    if (!isOver(next) && sentence(next) !== sentence(replay)) context.progress(sentence(next));
    replay = next;
  }
}

function sentence({ name, state, reason, from, to, lastReplayed }: Replay): string {
  const sent = lastReplayed === undefined || state === 'COMPLETED' ? '' : `, sent up to ${lastReplayed}`;
  return `replay ${name} of ${from} to ${to}: ${state}${reason === undefined ? '' : ` (${reason})`}${sent}`;
}

/** `20260131235959`: names of replays are unique in an account and hold 64 characters, those of archives 48. */
function stamp(now: number): string {
  return new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
