/** First wait after a failed attempt, in seconds; it doubles per attempt. */
const RETRY_BASE_SECONDS = 2;

/** Longest wait between two attempts, in seconds. */
const RETRY_CAP_SECONDS = 1_800;

/** How much of a wait is given to chance, so that what failed together isn't tried together. */
const JITTER = 0.2;

/**
 * Attempts at an event before it is a dead letter. Nineteen waits lie between twenty attempts: 2, 4 … 1,024 s are
 * 2,046 s together, nine of 1,800 s are 16,200 s. That is 5 h, or 4 h 3 min if chance shortens every one of them.
 */
export const DEFAULT_MAX_ATTEMPTS = 20;

/**
 * Whether so many failed attempts at one event are more than an accident. What fails once is mostly mended by the second
 * attempt; the third is made within some seven seconds of the first, so it tells early.
 */
export function isRepeatedFailure(attempts: number): boolean {
  return attempts >= 3;
}

/**
 * Seconds until the next attempt after so many failed ones.
 * @param random uniform in [0, 1)
 */
export function retrySeconds(attempts: number, random: number): number {
  const ceiling = Math.min(RETRY_CAP_SECONDS, RETRY_BASE_SECONDS * 2 ** Math.max(0, attempts - 1));
  return Math.ceil(ceiling * (1 - JITTER * random));
}
