import { setTimeout as delay } from 'node:timers/promises';
import type { Queues } from './queues';

/** More messages than this under way, and clients wait: a queue that only grows would test the machine, not the code. */
const MOST_MESSAGES = 400;
const LOOK_MS = 500;

/** Holds clients back while consumers are far behind. */
export class Pacer {
  #behind = false;
  #stopped = false;

  constructor(private readonly queues: Queues) {}

  /** Looks at the queues until `stop`; while nobody answers, it is clients who find out. */
  async watch(): Promise<void> {
    while (!this.#stopped) {
      try {
        const { ready, underWay } = await this.queues.backlog();
        this.#behind = ready + underWay > MOST_MESSAGES;
      } catch {
        this.#behind = false;
      }
      await delay(LOOK_MS);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async wait(): Promise<void> {
    while (this.#behind && !this.#stopped) await delay(LOOK_MS);
  }
}
