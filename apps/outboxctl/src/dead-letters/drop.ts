import type { DeadLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';

/** What a drop did. */
export interface DropReport {
  /** Gone for good, in the order received. */
  readonly dropped: readonly DeadLetter[];
  /** Stay: they are not among those that were asked for. */
  readonly unwanted: number;
  /** Ended before it was done: run it again for the rest. */
  readonly interrupted?: true;
}

/** Looked through in one run. */
const MAX_LETTERS = 10_000;
/** Long enough for one run. What is not dropped is seen again at the end; after a crash when this time is over. */
const HIDDEN_SECONDS = 300;

/**
 * Removes the dead letters that are wanted from their queue, for good; the others are given back, also when it fails.
 * @throws QueueRefused when SQS doesn't delete all
 */
export async function drop(
  queue: DeadLetterQueue,
  {
    wanted,
    dropped: tell,
    stop,
  }: {
    readonly wanted: (letter: DeadLetter) => boolean;
    /** Told of letters as soon as they are gone. */
    readonly dropped: (letters: readonly DeadLetter[]) => void;
    readonly stop: AbortSignal;
  },
): Promise<DropReport> {
  const held = new Set<DeadLetter>();
  const dropped: DeadLetter[] = [];
  try {
    for await (const batch of queue.receive(MAX_LETTERS, HIDDEN_SECONDS, stop)) {
      for (const letter of batch) held.add(letter);
      const going = batch.filter(wanted);
      if (going.length === 0) continue;
      await queue.delete(going);
      for (const letter of going) held.delete(letter);
      dropped.push(...going);
      tell(going);
    }
  } finally {
    await queue.release([...held]);
  }
  return { dropped, unwanted: held.size, ...(stop.aborted ? { interrupted: true } : {}) };
}
