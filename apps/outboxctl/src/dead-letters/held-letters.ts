import type { DeadLetter } from './dead-letter';
import { batches, MAX_ENTRIES, type DeadLetterQueue, type Taken } from './dead-letter-queue';

/**
 * How long SQS hides at a time what a run has received, at least. The run hides it again while it is at work; of one that
 * was killed everything is back in view within this time.
 */
export const HIDDEN_SECONDS = 30;
/** A run that holds more than 12,000 hides them for longer, or it would do nothing but hide: a second for so many. */
const HELD_PER_SECOND = 400;
/** Looked at so often whether something is about to be seen no longer hidden. */
const KEEP_EVERY_MS = 2_000;
/** What a queue may have under way is 120,000 messages (quotas of SQS). */
const MAX_HELD = 100_000;
/** A run may hold thousands, and nobody waits for a thousand calls one by one. */
const CALLS_AT_ONCE = 8;
/** With a second of long polling each: as long as somebody else's letters can stay hidden after that run's end. */
const LOOKS_FOR_HIDDEN = 18;

export interface HeldPorts {
  readonly now: () => number;
  readonly sleep: (ms: number, stop?: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  /** Told in words what a user has to wait for, or must know though it fails. */
  readonly say: (text: string) => void;
}

interface Held {
  /** As it was received last: an older receipt handle may not count any more. */
  readonly letter: DeadLetter;
  readonly hiddenUntil: number;
}

/** The dead letters of a queue that one run has received and not dealt with. Whatever ends it: `release` gives them back. */
export class HeldLetters {
  readonly #held = new Map<string, Held>();
  #keptAt = -Infinity;
  #looks = 0;
  /** How many there were at the beginning, seen or not. */
  #before: number | undefined;
  /** How many it has received so far. */
  #received = 0;

  constructor(
    private readonly queue: DeadLetterQueue,
    private readonly ports: HeldPorts,
  ) {}

  get size(): number {
    return this.#held.size;
  }

  /** Whether it stopped to receive because it holds as many as SQS lets it. */
  get isFull(): boolean {
    return this.#held.size >= MAX_HELD;
  }

  /**
   * Receives up to `most` letters that it doesn't hold, as they come. Ends before that only when the queue shows no more,
   * the stop says so, or it is full. With `waits` it waits for what another run, which was killed maybe, has hidden.
   */
  async *receive(most = MAX_HELD, { waits = false } = {}): AsyncGenerator<readonly DeadLetter[]> {
    const { now, stop } = this.ports;
    this.#before ??= await this.#depth();
    let received = 0;
    while (received < most && !stop.aborted && !this.isFull) {
      const hiddenSeconds = this.#hiddenSeconds;
      const hiddenUntil = now() + hiddenSeconds * 1_000;
      const letters = await this.queue.receive(most - received, hiddenSeconds);
      if (letters.length === 0) {
        if (waits && (await this.#waitForHidden())) continue;
        return;
      }
      const fresh = letters.filter(({ messageId }) => !this.#held.has(messageId));
      for (const letter of letters) this.#held.set(letter.messageId, { letter, hiddenUntil });
      received += fresh.length;
      this.#received += fresh.length;
      await this.keep();
      if (fresh.length > 0) yield fresh;
    }
  }

  /**
   * How many others have received and not given back, as far as SQS knows. Its figures are late, by a minute at times: what
   * this run has just deleted may be among those under way still, so that no more are counted than there were at the beginning.
   */
  async hiddenByOthers(): Promise<number> {
    const { underWay } = await this.queue.depth();
    const unseen = (this.#before ?? 0) - this.#received;
    return Math.max(0, Math.min(underWay - this.#held.size, unseen));
  }

  /** Hides again what would be seen soon. To be called now and then while letters are held. */
  async keep(): Promise<void> {
    const at = this.ports.now();
    if (at - this.#keptAt < KEEP_EVERY_MS) return;
    this.#keptAt = at;
    const hiddenSeconds = this.#hiddenSeconds;
    const due = [...this.#held.values()].filter(({ hiddenUntil }) => hiddenUntil - at < hiddenSeconds * 500);
    await this.#inBatches(
      due.map(({ letter }) => letter),
      async (batch) => {
        const hiddenUntil = this.ports.now() + hiddenSeconds * 1_000;
        await this.queue.hide(batch, hiddenSeconds);
        for (const letter of batch) this.#held.set(letter.messageId, { letter, hiddenUntil });
      },
    );
  }

  /** Removes letters that it holds from the queue, ten at most; returns which are gone, and why not the others. */
  async delete(letters: readonly DeadLetter[]): Promise<Taken<DeadLetter>> {
    if (letters.length === 0) return { taken: [], failed: [] };
    const result = await this.queue.delete(letters.map((letter) => this.#held.get(letter.messageId)?.letter ?? letter));
    for (const { messageId } of result.taken) this.#held.delete(messageId);
    return result;
  }

  /** Gives back all that it holds, at once. What that fails for is back in view when its time is over. */
  async release(): Promise<void> {
    try {
      await this.#inBatches(
        [...this.#held.values()].map(({ letter }) => letter),
        async (batch) => {
          await this.queue.hide(batch, 0);
          for (const { messageId } of batch) this.#held.delete(messageId);
        },
      );
    } catch (error) {
      this.ports.say(
        `up to ${this.#held.size} dead letters could not be given back: they are back in view within ${this.#hiddenSeconds} s`,
      );
      throw error;
    }
  }

  /** Whether it is worth to look again. */
  async #waitForHidden(): Promise<boolean> {
    const { say, sleep, stop } = this.ports;
    if (this.#looks >= LOOKS_FOR_HIDDEN) return false;
    const hidden = await this.hiddenByOthers();
    if (hidden === 0) return false;
    if (this.#looks === 0) say(`${hidden} are hidden by another run, or one that was killed: waiting for them …`);
    this.#looks += 1;
    await sleep(1_000, stop);
    await this.keep();
    return true;
  }

  get #hiddenSeconds(): number {
    return Math.max(HIDDEN_SECONDS, Math.ceil(this.#held.size / HELD_PER_SECOND));
  }

  async #depth(): Promise<number> {
    const { waiting, underWay } = await this.queue.depth();
    return waiting + underWay;
  }

  async #inBatches(letters: readonly DeadLetter[], work: (batch: readonly DeadLetter[]) => Promise<void>) {
    const waiting = batches(letters, MAX_ENTRIES);
    const worker = async (): Promise<void> => {
      for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await work(batch);
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  }
}

/** Works on the dead letters of a queue; whatever ends it, what is still held is given back. */
export async function holding<T>(
  queue: DeadLetterQueue,
  ports: HeldPorts,
  work: (held: HeldLetters) => Promise<T>,
): Promise<T> {
  const held = new HeldLetters(queue, ports);
  let result: T;
  try {
    result = await work(held);
  } catch (error) {
    // Why it failed comes first; that giving back failed too has been said.
    await held.release().catch(() => undefined);
    throw error;
  }
  await held.release();
  return result;
}
