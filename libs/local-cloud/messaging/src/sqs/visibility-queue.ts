import type { Clock, Table } from '@outbox/local-cloud-kernel';
import type { StoredMessage } from './message';

/** How many messages a queue holds, as its Approximate… attributes tell. */
export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * The messages of one queue: who is visible now, who will be and when. Every change is written to the store, and
 * `becameVisible` is called whenever there is something new to receive.
 */
export class VisibilityQueue {
  readonly #visible = new Map<string, StoredMessage>();
  readonly #hidden = new Map<string, StoredMessage>();
  #oldestSentAt = Infinity;
  #wake: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(
    private readonly table: Table<StoredMessage>,
    private readonly clock: Clock,
    private readonly becameVisible: () => void,
    private readonly isFifo = false,
  ) {
    const kept = [...table.values()].sort((a, b) => a.sentAt - b.sentAt);
    for (const message of kept) this.#place(message);
  }

  get(id: string): StoredMessage | undefined {
    return this.#visible.get(id) ?? this.#hidden.get(id);
  }

  /** Adds a message, or takes over one whose `visibleAt` changed. */
  put(message: StoredMessage): void {
    this.table.set(message.id, message);
    this.#visible.delete(message.id);
    this.#hidden.delete(message.id);
    this.#place(message);
    if (this.#visible.has(message.id)) this.becameVisible();
  }

  remove(id: string): void {
    this.table.delete(id);
    this.#visible.delete(id);
    const wasHidden = this.#hidden.delete(id);
    // What waited behind it in its group may now be had.
    if (this.isFifo && wasHidden) this.becameVisible();
  }

  /**
   * The messages that may be received, oldest first. In a FIFO queue a hidden message hides those behind it in its group.
   * The queue may be changed while iterating.
   */
  *visible(): Iterable<StoredMessage> {
    this.#release();
    if (!this.isFifo) return yield* this.#visible.values();
    const waiting = new Set<string | undefined>();
    for (const message of this.#inSequence()) {
      if (waiting.has(message.groupId)) continue;
      if (this.#visible.has(message.id)) yield message;
      else waiting.add(message.groupId);
    }
  }

  /** How many groups of a FIFO queue wait for a message that was received and not deleted. */
  groupsInFlight(): number {
    this.#release();
    return new Set([...this.#hidden.values()].filter(({ receives }) => receives > 0).map(({ groupId }) => groupId))
      .size;
  }

  #inSequence(): StoredMessage[] {
    const all = [...this.#visible.values(), ...this.#hidden.values()];
    return all.sort((a, b) => ((a.sequenceNumber ?? '') < (b.sequenceNumber ?? '') ? -1 : 1));
  }

  /** Every message, whether it can be received now or not, oldest first. */
  all(): StoredMessage[] {
    return [...this.table.values()].sort((a, b) => a.sentAt - b.sentAt);
  }

  /** Drops messages sent before `sentBefore`, received or not. */
  expire(sentBefore: number): void {
    if (this.#oldestSentAt >= sentBefore) return;
    this.#oldestSentAt = Infinity;
    for (const message of [...this.#visible.values(), ...this.#hidden.values()]) {
      if (message.sentAt < sentBefore) this.remove(message.id);
      else this.#oldestSentAt = Math.min(this.#oldestSentAt, message.sentAt);
    }
  }

  clear(): void {
    for (const id of [...this.#visible.keys(), ...this.#hidden.keys()]) this.remove(id);
    this.stop();
  }

  counts(): MessageCounts {
    this.#release();
    let inFlight = 0;
    for (const message of this.#hidden.values()) if (message.receives > 0) inFlight++;
    return { visible: this.#visible.size, inFlight, delayed: this.#hidden.size - inFlight };
  }

  /**
   * Since when the oldest message is here, in epoch milliseconds; in a dead-letter queue that is since it was moved.
   * Undefined when there is none.
   */
  oldestSince(): number | undefined {
    let oldest = Infinity;
    for (const message of this.table.values()) {
      oldest = Math.min(oldest, message.deadLetterSourceArn ? message.visibleAt : message.sentAt);
    }
    return oldest === Infinity ? undefined : oldest;
  }

  stop(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
  }

  #place(message: StoredMessage): void {
    this.#oldestSentAt = Math.min(this.#oldestSentAt, message.sentAt);
    if (message.visibleAt <= this.clock.now()) {
      this.#visible.set(message.id, message);
    } else {
      this.#hidden.set(message.id, message);
      this.#wakeAt(message.visibleAt);
    }
  }

  /** Moves what is due from hidden to visible. Whoever asks for it, those who wait are told: it takes the timer's place. */
  #release(): void {
    const now = this.clock.now();
    if (!this.#wake || this.#wake.at > now) return;
    this.stop();
    let earliest = Infinity;
    const due: StoredMessage[] = [];
    for (const message of this.#hidden.values()) {
      if (message.visibleAt <= now) due.push(message);
      else earliest = Math.min(earliest, message.visibleAt);
    }
    for (const message of due.sort((a, b) => a.visibleAt - b.visibleAt)) {
      this.#hidden.delete(message.id);
      this.#visible.set(message.id, message);
    }
    if (earliest < Infinity) this.#wakeAt(earliest);
    if (due.length > 0) this.becameVisible();
  }

  /** Keeps one timer, never later than the earliest hidden message, so that waiting receivers wake in time. */
  #wakeAt(at: number): void {
    if (this.#wake && this.#wake.at <= at) return;
    this.stop();
    const cancel = this.clock.after(at - this.clock.now(), () => this.#release());
    this.#wake = { at, cancel };
  }
}
