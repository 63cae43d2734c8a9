import type { ConsumerOutput } from '../stack';
import { inOrder, type DeadLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';

export interface RedriveOptions {
  readonly consumer: Pick<ConsumerOutput, 'queue_url' | 'policy'>;
  /** Which of them; all that can be read when absent. */
  readonly wanted?: (letter: DeadLetter) => boolean;
  /** Told how many were moved so far. */
  readonly progress: (moved: number) => void;
}

export interface RedriveReport {
  /** Sent to the consumer's queue, and gone from here. */
  readonly redriven: number;
  /** Stay: somebody didn't want them. */
  readonly unwanted: number;
  /** Stay: no event of the bus; no consumer can read them. */
  readonly unreadable: number;
  /** Stay: sent in this run, and dead again meanwhile. */
  readonly returned: number;
}

/** Held and sorted at a time; what a queue may have under way is 120,000 messages (SQS quotas). */
const ROUND = 10_000;
/** Long enough for a round. What is not moved is seen again at the end, after a crash when this time is over. */
const HIDDEN_SECONDS = 900;

/**
 * Sends a consumer's dead letters back to its queue, those of an in-order consumer by order and version, so that no
 * version has to wait for one that is sent after it. Each event once a run: what dies again at once must not go round.
 */
export async function redrive(
  queue: DeadLetterQueue,
  { consumer, wanted = () => true, progress }: RedriveOptions,
): Promise<RedriveReport> {
  const sent = new Set<string>();
  /** Received, and not moved. */
  const held = new Set<DeadLetter>();
  const stay = { unwanted: 0, unreadable: 0, returned: 0 };
  let redriven = 0;
  try {
    for (;;) {
      const letters = await queue.receive(ROUND, HIDDEN_SECONDS);
      if (letters.length === 0) return { redriven, ...stay };
      const before = new Set(sent);
      const going = letters.filter((letter) => {
        held.add(letter);
        if (!letter.event) stay.unreadable += 1;
        else if (!wanted(letter)) stay.unwanted += 1;
        else if (before.has(letter.event.id)) stay.returned += 1;
        else return sent.add(letter.event.id);
        return false;
      });
      const sorted = consumer.policy === 'in-order' ? going.sort(inOrder) : going;
      for await (const moved of queue.moveTo(consumer.queue_url, sorted)) {
        for (const letter of moved) held.delete(letter);
        redriven += moved.length;
        progress(redriven);
      }
    }
  } finally {
    await queue.release([...held]);
  }
}
