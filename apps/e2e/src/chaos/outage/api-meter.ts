import type { Attempt } from '../client';

/** What clients felt of the API: each try counts, also those that were repeated. */
export interface ApiFeel {
  readonly requests: number;
  readonly failed: number;
  /** Answered, but after more than `SLOW_MS`. */
  readonly slow: number;
  /** Of those answered, milliseconds; 0 when none was. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Somebody who waits for an order to be placed has begun to wonder. */
export const SLOW_MS = 3_000;

/** Notes every try of every client. */
export class ApiMeter {
  readonly #attempts: Attempt[] = [];

  readonly note = (attempt: Attempt): void => {
    this.#attempts.push(attempt);
  };

  feel(): ApiFeel {
    const answered = this.#attempts.filter(({ failed }) => !failed).map(({ ms }) => ms);
    const sorted = answered.sort((a, b) => a - b);
    const percentile = (share: number): number =>
      Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
    return {
      requests: this.#attempts.length,
      failed: this.#attempts.length - answered.length,
      slow: answered.filter((ms) => ms > SLOW_MS).length,
      p50Ms: percentile(0.5),
      p99Ms: percentile(0.99),
    };
  }
}
