/** Time as the engine sees it: milliseconds since the epoch. Every timer of every service goes through it. */
export interface Clock {
  now(): number;
  /** Runs `action` once when `delayMs` of engine time have passed; answers a function that cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** Resolves after `delayMs` of engine time, or at once (without error) when `signal` aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

interface Timer {
  readonly dueAt: number;
  readonly action: () => void;
}

/** Node's longest timeout; a later timer is re-armed when it is reached. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Real time plus an offset that tests and `POST /_local/clock` may move forward. */
export class EngineClock implements Clock {
  readonly #timers = new Set<Timer>();
  #offsetMs: number;
  #armed: NodeJS.Timeout | undefined;
  #armedFor = Infinity;

  constructor(
    offsetMs = 0,
    private readonly realNow: () => number = Date.now,
  ) {
    this.#offsetMs = offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.realNow() + this.#offsetMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { dueAt: this.now() + Math.max(0, delayMs), action };
    this.#timers.add(timer);
    if (timer.dueAt < this.#armedFor) this.#arm();
    return () => {
      this.#timers.delete(timer);
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.after(delayMs, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  /** Moves engine time forward and fires every timer that became due, earliest first. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`advance takes milliseconds >= 0, got ${ms}`);
    this.#offsetMs += ms;
    this.#fire();
  }

  /** Drops every timer; nothing fires afterwards. */
  stop(): void {
    this.#timers.clear();
    clearTimeout(this.#armed);
    this.#armedFor = Infinity;
  }

  #fire(): void {
    const now = this.now();
    const due = [...this.#timers].filter((timer) => timer.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.action();
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#armed);
    let earliest = Infinity;
    for (const timer of this.#timers) earliest = Math.min(earliest, timer.dueAt);
    this.#armedFor = earliest;
    if (earliest === Infinity) return;
    this.#armed = setTimeout(() => this.#fire(), Math.min(Math.max(0, earliest - this.now()), MAX_TIMEOUT_MS));
  }
}
