import { setTimeout as delay } from 'node:timers/promises';

/** How far the clients are; disturbances wait for it. */
export class Progress {
  #done = 0;

  constructor(readonly total: number) {}

  get done(): number {
    return this.#done;
  }

  get finished(): boolean {
    return this.#done >= this.total;
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
