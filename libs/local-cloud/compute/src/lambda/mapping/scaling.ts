/** Batches a mapping may process at the same time. Source: Lambda developer guide, services-sqs-scaling. */
const INITIAL_CONCURRENCY = 5;
const ADDED_PER_MINUTE = 300;
const MAX_CONCURRENCY = 1250;

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
