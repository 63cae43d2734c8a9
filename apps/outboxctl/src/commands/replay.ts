import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { checkReplay } from '../replay/check';
import { describeReplay, followReplay, replayStamp } from '../replay/follow';
import { cancelReplay, isOver, listReplays, readReplay, startReplay } from '../replay/replay';
import { ACCEPT_REPEATS } from '../repeats';
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
      const name = options.name ?? `${stack.archive_name}-${replayStamp(now)}`;
      if (now - to < ARCHIVE_DELAY_MS) {
        context.progress('EventBridge may take ten minutes to archive an event: the newest may be missing');
      }
      const eventbridge = context.eventbridge();
      const last = await context.protect(async (stop) => {
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
