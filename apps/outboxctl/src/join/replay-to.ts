import type { Stack } from '../stack';
import type { ReplayClients } from '../replay/archive';
import { replayStamp } from '../replay/follow';
import { listReplays, readReplay, startReplay, type Replay } from '../replay/replay';

/**
 * Sends all that the archive holds to one consumer, unless a replay that does so since its start is under way or done.
 * EventBridge forgets replays after 90 days.
 */
export async function replayTo(
  clients: ReplayClients,
  stack: Stack,
  { consumer, start, since, now }: { consumer: string; start: string; since: number; now: number },
): Promise<Replay> {
  const name = new RegExp(`^join-${consumer}-\\d{14}$`);
  const begun = (await listReplays(clients.eventbridge, stack)).find(
    (replay) =>
      name.test(replay.name) && replay.to >= start && !['FAILED', 'CANCELLED', 'CANCELLING'].includes(replay.state),
  );
  if (begun) return begun;
  const replay = `join-${consumer}-${replayStamp(now)}`;
  await startReplay(clients, stack, { name: replay, from: since, to: now, consumers: [consumer] });
  return readReplay(clients.eventbridge, stack, replay);
}
