/** A clock that moves only when told; fits every injected clock of the product. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves forward (or, negative, back) by milliseconds. */
  advance(ms: number): void;
}

/** Starts at the given instant (default 2026-01-01T00:00:00Z). */
export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  return { now: () => now, advance: (ms) => void (now += ms) };
}
