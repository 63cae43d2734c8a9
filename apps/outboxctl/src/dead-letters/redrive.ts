import type { ConsumerOutput } from '../stack';
import { ENCRYPTED, inOrder, type DeadLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';

export interface RedriveOptions {
  readonly consumer: Pick<ConsumerOutput, 'queue_url' | 'policy'>;
  /** Which of them; all that can be read when absent. */
  readonly wanted?: (letter: DeadLetter) => boolean;
  /** Told how many were moved so far. */
  readonly progress: (moved: number) => void;
  /** Told in words what the user must know though the redrive fails. */
  readonly say: (text: string) => void;
  /** Once it says so, the batch in hand is moved and the rest given back. */
  readonly stop: AbortSignal;
}

export interface RedriveReport {
  /** Sent to the consumer's queue, and gone from here. */
  readonly redriven: number;
  /** Stay: they are not among those that were asked for. */
  readonly unwanted: number;
  /** Stay: they are not events of the bus, so no consumer can read them. */
  readonly unreadable: number;
  /** Stay: EventBridge could not use the key of the bus, and left the events encrypted. */
  readonly encrypted?: number;
  /** Stay: sent in this run, and dead again meanwhile. */
  readonly returned: number;
  /** Stay, and can't be received yet: somebody else received them, or a run that was killed. As far as SQS knows. */
  readonly hidden?: number;
  /** Ended before it was done; what it had received is back in the queue, this many. */
  readonly interrupted?: { readonly givenBack: number };
}

/** Held and sorted at a time; what a queue may have under way is 120,000 messages (SQS quotas). */
const ROUND = 10_000;
/** Long enough for a round. What is not moved is seen again at the end; after a crash when this time is over. */
const HIDDEN_SECONDS = 900;

/**
 * Sends a consumer's dead letters back to its queue, those of an in-order consumer by aggregate and sequence, so that no
 * event has to wait for one that is sent after it. Each event once a run: what dies again at once must not go round.
 * Whatever ends it early, what was received and not moved is given back.
 * @throws QueueRefused as `DeadLetterQueue`
 */
export async function redrive(
  queue: DeadLetterQueue,
  { consumer, wanted = () => true, progress, say, stop }: RedriveOptions,
): Promise<RedriveReport> {
  const sent = new Set<string>();
  /** Received, and not moved. */
  const held = new Set<DeadLetter>();
  const stay = { unwanted: 0, unreadable: 0, returned: 0 };
  let encrypted = 0;
  let redriven = 0;
  const before = await queue.depth();

  const round = async (): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = [];
    for await (const batch of queue.receive(ROUND, HIDDEN_SECONDS, stop)) {
      for (const letter of batch) held.add(letter);
      letters.push(...batch);
    }
    return letters;
  };
  const select = (letters: readonly DeadLetter[]): DeadLetter[] => {
    const sentBefore = new Set(sent);
    const going = letters.filter((letter) => {
      if (letter.reason === ENCRYPTED) encrypted += 1;
      else if (!letter.event) stay.unreadable += 1;
      else if (!wanted(letter)) stay.unwanted += 1;
      else if (sentBefore.has(letter.event.eventId)) stay.returned += 1;
      else return sent.add(letter.event.eventId);
      return false;
    });
    return consumer.policy === 'in-order' ? going.sort(inOrder) : going;
  };
  const giveBack = async (): Promise<void> => {
    try {
      await queue.release([...held]);
    } catch (error) {
      say(
        `up to ${held.size} dead letters could not be given back: nobody sees them for ${HIDDEN_SECONDS / 60} minutes`,
      );
      throw error;
    }
  };

  try {
    for (let letters = await round(); letters.length > 0 && !stop.aborted; letters = await round()) {
      for await (const moved of queue.moveTo(consumer.queue_url, select(letters))) {
        for (const letter of moved) held.delete(letter);
        redriven += moved.length;
        progress(redriven);
        if (stop.aborted) break;
      }
    }
  } catch (error) {
    // Why it failed comes first; that giving back failed too has been said.
    await giveBack().catch(() => undefined);
    throw error;
  }
  await giveBack();
  const seen = redriven + held.size - stay.returned;
  const hidden = Math.max(0, before.waiting + before.underWay - seen);
  return {
    redriven,
    ...stay,
    ...(encrypted === 0 ? {} : { encrypted }),
    ...(stop.aborted ? { interrupted: { givenBack: held.size } } : hidden === 0 ? {} : { hidden }),
  };
}
