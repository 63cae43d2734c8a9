import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';
import { Queues } from './queues';
import { countUnpublished } from './unpublished';

/**
 * With more than this to do clients wait: a backlog that only grows would test the machine. Messages that are hidden
 * until a dead receiver's time is up, or parked, are no work; events whose acknowledgement is among them look unpublished.
 */
const MOST_READY = 300;
const MOST_UNPUBLISHED = 800;
const LOOK_MS = 500;

/** Holds clients back while pipe and consumers are far behind. */
export class Pacer {
  #behind = false;
  #held = false;
  #stopped = false;

  readonly #queues: Queues;

  constructor(
    private readonly clients: AwsClients,
    private readonly stack: Stack,
  ) {
    this.#queues = new Queues(clients.sqs, stack);
  }

  /** Looks until `stop`; while nobody answers, it is clients who find out. */
  async watch(): Promise<void> {
    while (!this.#stopped) {
      try {
        const { ready } = await this.#queues.backlog();
        const unpublished = await countUnpublished(this.clients, this.stack);
        this.#behind = ready > MOST_READY || unpublished > MOST_UNPUBLISHED;
      } catch {
        this.#behind = false;
      }
      await delay(LOOK_MS);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Lets no client begin until `release`; who has begun goes on. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
  }

  async wait(): Promise<void> {
    while ((this.#behind || this.#held) && !this.#stopped) await delay(LOOK_MS);
  }
}
