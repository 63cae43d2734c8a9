/** The shape of a growing wait, in milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** The wait before retry number `attempt` (1 is the first): doubling up to the longest, its upper half by `random` in [0, 1). */
export function backOff(attempt: number, { firstMs, longestMs }: BackOff, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(0, attempt - 1), 30));
  return Math.round(full / 2 + (full / 2) * random);
}
