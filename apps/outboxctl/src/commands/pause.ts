import type { Command } from 'commander';
import { CliError, EXIT, wantsJson } from '@outbox/cli-kit';
import { pausableOf, runStateOf, setRunning, type RunState } from '../pausing';
import type { CliContext } from './context';

const POLL_MS = 500;
const PATIENCE_MS = 180_000;

/** AWS took the request and has not done it in three minutes. Exit code 1. */
export class StillChanging extends CliError {
  override readonly name = 'StillChanging';
  readonly exitCode = EXIT.failed;
}

/** `pause STAGE` and `resume STAGE`: stops the pipe or a consumer, and starts it again; nothing is lost meanwhile. */
export function addPauseCommands(program: Command, context: CliContext): void {
  const add = (verb: 'pause' | 'resume', description: string): void => {
    program
      .command(verb)
      .description(description)
      .argument('<stage>', 'pipe, a consumer, or outbox-acknowledger')
      .action(async (name: string, _options: unknown, command: Command) => {
        const pausable = pausableOf(await context.stack(command), name);
        const clients = { lambda: context.lambda(), pipes: context.pipes(), sqs: context.sqs() };
        const wanted = verb === 'resume';
        const { state } = await context.protect(async (stop) => {
          if ((await runStateOf(clients, pausable)).runs !== wanted) await setRunning(clients, pausable, wanted);
          return settled(context, () => runStateOf(clients, pausable), wanted, stop);
        });
        context.print(wantsJson(command) ? JSON.stringify({ stage: name, state }) : `${name} is ${state}`);
      });
  };
  add('pause', 'stop the pipe or a consumer: what it hasn’t taken waits (a day in the stream, 14 days in a queue)');
  add('resume', 'start the pipe or a consumer that was paused');
}

/** The state once it is settled and as wanted. @throws StillChanging */
async function settled(
  context: Pick<CliContext, 'now' | 'sleep'>,
  look: () => Promise<RunState>,
  wanted: boolean,
  stop: AbortSignal,
): Promise<RunState> {
  const deadline = context.now() + PATIENCE_MS;
  for (;;) {
    const now = await look();
    // `STOPPING`, `Disabling` and their like are on the way.
    if (now.runs === wanted && !/ing$/i.test(now.state.replace(/^RUNNING$/, ''))) return now;
    if (stop.aborted || context.now() >= deadline) {
      const reason = now.reason === undefined ? {} : { reason: now.reason };
      throw new StillChanging(`it is still ${now.state}`, { ...reason, hint: 'Run the command again to wait for it' });
    }
    await context.sleep(POLL_MS, stop);
  }
}
