import { countReasons, ENCRYPTED, type DeadLetter } from './dead-letter';
import { batches, MAX_ENTRIES, refuse, type DeadLetterQueue } from './dead-letter-queue';
import { holding, type HeldLetters, type HeldPorts } from './held-letters';
import type { Way } from './way';

export interface RedriveOptions extends HeldPorts {
  /** How they come back. */
  readonly way: Way;
  /** Which of them. */
  readonly wanted: (letter: DeadLetter) => boolean;
  /** Bring none back, count those that would be. */
  readonly dryRun?: boolean;
  /** How many a second at most. */
  readonly rate?: number;
  /** Told how many were brought back so far. */
  readonly progress: (moved: number) => void;
}

export interface RedriveReport {
  /** Brought back, and gone from here; in a dry run those that would be. */
  readonly redriven: number;
  /** The same by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Stay: they are not among those that were asked for. */
  readonly unwanted: number;
  /** Stay: they are nothing that could be brought back. */
  readonly unreadable: number;
  /** Stay: EventBridge could not use the key of the bus, and left the events encrypted. */
  readonly encrypted?: number;
  /** Stay: they can't be brought back now, for a reason of their queue. */
  readonly kept?: number;
  /** Stay: sent in this run, and dead again meanwhile. */
  readonly returned: number;
  /** Stay, and can't be received: another run has received them. As far as SQS knows. */
  readonly hidden?: number;
  /** There are more than one run can hold: run it again for the rest. */
  readonly unread?: true;
  /** Ended before it was done; what it had received is back in the queue, this many. */
  readonly interrupted?: { readonly givenBack: number };
}

/** Received and sorted at a time. */
const ROUND = 10_000;
/** Between two looks at what is held, while a rate has it wait. */
const NAP_MS = 5_000;

/**
 * Brings dead letters back, those of an in-order consumer by aggregate and sequence, so that no event has to wait for one
 * that is sent after it. Each event once a run: what dies again at once must not go round. A letter is deleted after it was
 * sent: a run that is killed in between leaves up to ten in both queues, which the consumer knows by their events' ids.
 * @throws QueueRefused when SQS doesn't take all; what it took before is brought back
 */
export async function redrive(queue: DeadLetterQueue, options: RedriveOptions): Promise<RedriveReport> {
  return holding(queue, options, (held) => new Redrive(held, options).run());
}

class Redrive {
  /** Ids of events that were sent, and of messages that are none. */
  readonly #sent = new Set<string>();
  readonly #stay = { unwanted: 0, unreadable: 0, encrypted: 0, kept: 0, returned: 0 };
  readonly #done: DeadLetter[] = [];

  constructor(
    private readonly held: HeldLetters,
    private readonly options: RedriveOptions,
  ) {}

  async run(): Promise<RedriveReport> {
    const { stop, dryRun = false } = this.options;
    for (let letters = await this.#round(); letters.length > 0 && !stop.aborted; letters = await this.#round()) {
      const going = this.#select(letters);
      if (dryRun) this.#done.push(...going);
      else await this.#bringBack(going);
    }
    const { encrypted, kept, ...stay } = this.#stay;
    const hidden = stop.aborted ? 0 : await this.held.hiddenByOthers();
    return {
      redriven: this.#done.length,
      reasons: Object.fromEntries(countReasons(this.#done)),
      ...stay,
      ...(encrypted === 0 ? {} : { encrypted }),
      ...(kept === 0 ? {} : { kept }),
      ...(hidden === 0 ? {} : { hidden }),
      ...(this.held.isFull ? { unread: true } : {}),
      ...(stop.aborted ? { interrupted: { givenBack: this.held.size } } : {}),
    };
  }

  /** What can be seen; when that is nothing, what another run has hidden and gives back in time. */
  async #round(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for await (const batch of this.held.receive(ROUND)) letters.push(...batch);
    if (letters.length > 0) return letters;
    for await (const batch of this.held.receive(ROUND, { waits: true })) letters.push(...batch);
    return letters;
  }

  #select(letters: readonly DeadLetter[]): DeadLetter[] {
    const { wanted, way } = this.options;
    const sentBefore = new Set(this.#sent);
    const going = letters.filter((letter) => {
      const id = letter.event?.eventId ?? letter.messageId;
      if (!wanted(letter)) this.#stay.unwanted += 1;
      else if (letter.reason === ENCRYPTED) this.#stay.encrypted += 1;
      else if (!way.canBringBack(letter)) this.#stay.unreadable += 1;
      else if (sentBefore.has(id)) this.#stay.returned += 1;
      else return this.#sent.add(id);
      return false;
    });
    return way.compare ? going.sort(way.compare) : going;
  }

  async #bringBack(letters: readonly DeadLetter[]): Promise<void> {
    const { way, rate = Infinity, stop, progress } = this.options;
    for (const batch of batches(letters, Math.max(1, Math.min(MAX_ENTRIES, Math.floor(rate))))) {
      if (stop.aborted) return;
      const { taken, failed } = await way.bringBack(batch);
      const deleted = await this.held.delete(taken);
      this.#done.push(...deleted.taken);
      refuse('send', failed);
      refuse('delete', deleted.failed);
      this.#stay.kept += batch.length - taken.length;
      progress(this.#done.length);
      await this.#pause((batch.length / rate) * 1_000);
    }
  }

  /** Waits, and keeps what is held meanwhile. */
  async #pause(ms: number): Promise<void> {
    const { now, sleep, stop } = this.options;
    const until = now() + ms;
    await this.held.keep();
    for (let left = until - now(); left > 0 && !stop.aborted; left = until - now()) {
      await sleep(Math.min(left, NAP_MS), stop);
      await this.held.keep();
    }
  }
}
