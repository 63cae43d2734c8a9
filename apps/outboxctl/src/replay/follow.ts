import type { CliContext } from '../commands/context';
import type { Stack } from '../stack';
import { isOver, readReplay, type Replay } from './replay';

const LOOK_AGAIN_EVERY_MS = 1_000;

/** Looks until the replay is over, the time is, or `stop` says so; tells how far it is whenever that changed. */
export async function followReplay(
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
    if (!isOver(next) && describeReplay(next) !== describeReplay(replay)) context.progress(describeReplay(next));
    replay = next;
  }
}

/** A replay in one sentence. */
export function describeReplay({ name, state, reason, from, to, lastReplayed }: Replay): string {
  const sent = lastReplayed === undefined || state === 'COMPLETED' ? '' : `, sent up to ${lastReplayed}`;
  return `replay ${name} of ${from} to ${to}: ${state}${reason === undefined ? '' : ` (${reason})`}${sent}`;
}

/** `20260131235959`: names of replays are unique in an account and hold 64 characters, those of archives 48. */
export function replayStamp(now: number): string {
  return new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
}
