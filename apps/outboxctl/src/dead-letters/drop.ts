import type { DeadLetter } from './dead-letter';
import { refuse, type DeadLetterQueue } from './dead-letter-queue';
import { holding, type HeldPorts } from './held-letters';

export interface DropOptions extends HeldPorts {
  readonly wanted: (letter: DeadLetter) => boolean;
  /** Drop none, tell of those that would be. */
  readonly dryRun?: boolean;
  /** Told of letters as soon as they are gone. */
  readonly dropped: (letters: readonly DeadLetter[]) => void;
  /** Told how many were looked at so far. */
  readonly progress: (seen: number) => void;
}

/** What a drop did. */
export interface DropReport {
  /** Gone for good, or would be in a dry run. */
  readonly count: number;
  /** Stay: they are not among those that were asked for. */
  readonly unwanted: number;
  /** Stay, and weren't looked at: another run has received them. As far as SQS knows. */
  readonly hidden?: number;
  /** There are more than one run can hold: run it again for the rest. */
  readonly unread?: true;
  /** Ended before it was done: run it again for the rest. */
  readonly interrupted?: true;
}

/**
 * Removes the dead letters that are wanted from their queue, for good; the others are given back, also when it fails.
 * @throws QueueRefused when SQS doesn't delete all
 */
export async function drop(queue: DeadLetterQueue, options: DropOptions): Promise<DropReport> {
  const { wanted, dryRun = false, dropped, progress, stop } = options;
  let [count, seen] = [0, 0];
  return holding(queue, options, async (held) => {
    for await (const batch of held.receive(undefined, { waits: true })) {
      seen += batch.length;
      const going = batch.filter(wanted);
      const { taken, failed } = dryRun ? { taken: going, failed: [] } : await held.delete(going);
      count += taken.length;
      if (taken.length > 0) dropped(taken);
      refuse('delete', failed);
      progress(seen);
    }
    const hidden = stop.aborted ? 0 : await held.hiddenByOthers();
    return {
      count,
      unwanted: seen - count,
      ...(hidden === 0 ? {} : { hidden }),
      ...(held.isFull ? { unread: true } : {}),
      ...(stop.aborted ? { interrupted: true } : {}),
    };
  });
}
