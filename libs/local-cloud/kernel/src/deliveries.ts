import type { Engine } from './engine';
import type { Table } from './store';

/** Something on its way; when it is tried next, in the engine's milliseconds. */
export interface Due {
  readonly id: string;
  readonly nextAt: number;
}

/** What is on its way, over restarts of the engine: each is tried when it is due until it is removed. */
export class Deliveries<D extends Due> {
  readonly #kept: Table<D>;
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();
  #stopped = false;

  /** @param attempt never rejects; it removes the delivery, or keeps it for another time */
  constructor(
    private readonly engine: Engine,
    table: string,
    private readonly attempt: (delivery: D) => Promise<void>,
  ) {
    this.#kept = engine.store.table(table);
  }

  /** It is kept when this returns, and tried when it is due. */
  keep(delivery: D): void {
    this.#kept.set(delivery.id, delivery);
    this.#schedule(delivery);
  }

  /** It is kept when this returns, and tried already. */
  keepAndTry(delivery: D): void {
    this.#kept.set(delivery.id, delivery);
    this.#try(delivery);
  }

  remove({ id }: D): void {
    this.#kept.delete(id);
  }

  /** Goes on with what an earlier run of the engine had accepted and not delivered. */
  resume(): void {
    for (const delivery of [...this.#kept.values()]) this.#schedule(delivery);
  }

  /** Tries nothing more; resolves when what is being tried is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    await Promise.all(this.#running);
  }

  #schedule(delivery: D): void {
    if (this.#stopped) return;
    const cancel = this.engine.clock.after(delivery.nextAt - this.engine.clock.now(), () => {
      this.#timers.delete(cancel);
      this.#try(delivery);
    });
    this.#timers.add(cancel);
  }

  #try(delivery: D): void {
    const work = this.attempt(delivery).finally(() => this.#running.delete(work));
    this.#running.add(work);
  }
}
