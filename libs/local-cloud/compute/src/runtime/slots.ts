/**
 * How many processes may live, and how many may start at the same time. AWS starts as many environments as there are
 * concurrent events; one machine would only slow all of them down, so here an event waits for a free environment instead.
 */
export class Slots {
  #alive = 0;
  #starting = 0;
  readonly #waiting: (() => boolean)[] = [];
  readonly #ahead: (() => boolean)[] = [];

  constructor(
    private readonly maxAlive: number,
    private readonly maxStarting: number,
    /** Ends an environment that has nothing to do; false when there is none. */
    private readonly evict: () => boolean,
  ) {}

  /**
   * Calls `start` once a process may start: at once, or when another one is ready or gone.
   * `start` answers false when it no longer wants to.
   */
  request(start: () => boolean): void {
    this.#waiting.push(start);
    this.#grant();
  }

  /** Calls `start` if a process may start at once and nobody waits for that; answers whether one did. */
  try(start: () => boolean): boolean {
    const full = this.#alive >= this.maxAlive || this.#starting >= this.maxStarting;
    return !full && this.#waiting.length === 0 && this.#begin(start);
  }

  /**
   * Calls `start` once nobody waits for a process, none is starting, and a quarter of them is free: one after the other,
   * and never in the way of an event. `start` answers false when it no longer wants to.
   */
  whenQuiet(start: () => boolean): void {
    this.#ahead.push(start);
    this.#startAhead();
  }

  /** A process has nothing to do; it may have to go for one that is wanted. */
  idle(): void {
    this.#grant();
  }

  /** A started process is ready, or ended before it was. */
  started(): void {
    this.#starting -= 1;
    this.#grant();
  }

  ended(): void {
    this.#alive -= 1;
    this.#grant();
  }

  #grant(): void {
    while (this.#waiting.length > 0 && this.#starting < this.maxStarting) {
      if (this.#alive >= this.maxAlive) {
        this.evict();
        return;
      }
      const start = this.#waiting.shift();
      if (start) this.#begin(start);
    }
    this.#startAhead();
  }

  #startAhead(): void {
    while (this.#waiting.length === 0 && this.#starting === 0 && this.#alive < this.maxAlive * 0.75) {
      const start = this.#ahead.shift();
      if (!start) return;
      this.#begin(start);
    }
  }

  #begin(start: () => boolean): boolean {
    this.#alive += 1;
    this.#starting += 1;
    const started = start();
    if (!started) {
      this.#alive -= 1;
      this.#starting -= 1;
    }
    return started;
  }
}
