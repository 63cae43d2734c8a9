/**
 * How many processes may live, and how many may start at the same time. AWS starts as many environments as there are
 * concurrent events; one machine would only slow all of them down, so here an event waits for a free environment instead.
 */
export class Slots {
  #alive = 0;
  #starting = 0;
  readonly #waiting: (() => boolean)[] = [];

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
      this.#alive += 1;
      this.#starting += 1;
      if (start?.() === true) continue;
      this.#alive -= 1;
      this.#starting -= 1;
    }
  }
}
