import { ADDED_PER_MINUTE, INITIAL_CONCURRENCY, MAX_CONCURRENCY } from '../limits';

/** Starts with five concurrent batches and adds 300 a minute for as long as it is busy. */
export class Scaling {
  #busySince: number | undefined;

  constructor(private readonly maximum: number | undefined) {}

  limit(inFlight: number, now: number): number {
    if (inFlight < INITIAL_CONCURRENCY) this.#busySince = undefined;
    else this.#busySince ??= now;
    const minutes = this.#busySince === undefined ? 0 : (now - this.#busySince) / 60_000;
    const grown = Math.min(MAX_CONCURRENCY, INITIAL_CONCURRENCY + Math.floor(minutes * ADDED_PER_MINUTE));
    return Math.min(grown, this.maximum ?? MAX_CONCURRENCY);
  }
}
