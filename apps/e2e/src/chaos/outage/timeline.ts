import { setTimeout as delay } from 'node:timers/promises';
import type { CrashingCloud } from '../local-cloud';

/**
 * Engine time as clients live by it: it is moved in steps, and whoever sleeps wakes when his time has come. After `end`
 * sleeping is real again, as is time.
 */
export class Timeline {
  readonly #sleepers = new Set<{ readonly wakeAt: number; readonly wake: () => void }>();
  #elapsedMs = 0;
  #ended = false;

  constructor(
    private readonly cloud: Pick<CrashingCloud, 'advance'>,
    private readonly sleepReally: (ms: number) => Promise<unknown> = delay,
  ) {}

  /** How far time was moved. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** How many sleep. */
  get asleep(): number {
    return this.#sleepers.size;
  }

  /** Resolves once time was moved `engineMs` further; after `end`, when `realMs` have passed. */
  async sleep(engineMs: number, realMs = 0): Promise<void> {
    if (this.#ended) {
      await this.sleepReally(realMs);
      return;
    }
    await new Promise<void>((wake) => this.#sleepers.add({ wakeAt: this.#elapsedMs + engineMs, wake }));
  }

  async move(ms: number): Promise<void> {
    await this.cloud.advance(ms);
    this.#elapsedMs += ms;
    this.#wake(this.#elapsedMs);
  }

  /** Wakes everybody; nobody sleeps by engine time from then on. */
  end(): void {
    this.#ended = true;
    this.#wake(Infinity);
  }

  #wake(until: number): void {
    const due = [...this.#sleepers].filter(({ wakeAt }) => wakeAt <= until).sort((a, b) => a.wakeAt - b.wakeAt);
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
