import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often to try again. */
export interface RetryPolicy {
  /** Milliseconds left for all of it, asked before each wait. */
  remainingMs(): number;
  /** Kept back for answering after the last attempt, in milliseconds. */
  readonly reserveMs: number;
  /** First ceiling of a wait; doubles per attempt up to `capMs`. */
  readonly baseMs: number;
  readonly capMs: number;
  /** Uniform in [0, 1). */
  random(): number;
  sleep(ms: number): Promise<void>;
}

/** An attempt's verdict: an answer, or the reason to try again. */
export type Attempt<T, R> =
  { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'again'; readonly reason: R };

/** Either an answer, or the last reason once the time is used up. */
export type Retried<T, R> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'exhausted'; readonly reason: R; readonly attempts: number };

/** Sleep and randomness of the machine, for a policy in `main.ts`. */
export const systemRetry: Pick<RetryPolicy, 'random' | 'sleep'> = {
  random: () => Math.random(),
  sleep: (ms) => delay(ms),
};

/**
 * Repeats an attempt with full jitter (a uniform wait below the doubling ceiling) while the budget lasts.
 * What the attempt throws is passed on at once.
 */
export async function retryWithin<T, R>(
  policy: RetryPolicy,
  attempt: (number: number) => Promise<Attempt<T, R>>,
): Promise<Retried<T, R>> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt(number);
    if (outcome.kind === 'answer') return outcome;
    const wait = policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (number - 1));
    if (policy.remainingMs() - wait <= policy.reserveMs) {
      return { kind: 'exhausted', reason: outcome.reason, attempts: number };
    }
    await policy.sleep(wait);
  }
}
