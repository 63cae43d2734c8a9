import { setTimeout as delay } from 'node:timers/promises';

/** How far the clients are; disturbances wait for it. */
export class Progress {
  #done = 0;
  #ended = false;

  constructor(readonly total: number) {}

  get done(): number {
    return this.#done;
  }

  get finished(): boolean {
    return this.#ended || this.#done >= this.total;
  }

  /** Nobody begins any more, whoever is missing: those who wait for more need not. */
  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  add(): void {
    this.#done += 1;
  }

  /** Waits until `more` clients are done, all of them are, or `longestMs` have passed; answers how many it were. */
  async more(more: number, longestMs: number): Promise<number> {
    const from = this.#done;
    const deadline = performance.now() + longestMs;
    while (this.#done - from < more && !this.finished && performance.now() < deadline) await delay(50);
    return this.#done - from;
  }

  /** Waits until `done` clients are done, or all of them. */
  async reached(done: number): Promise<void> {
    while (this.#done < done && !this.finished) await delay(50);
  }
}
