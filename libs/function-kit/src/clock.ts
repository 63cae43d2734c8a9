/** The only source of time in a function. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** ISO-8601 in UTC with milliseconds, the one format of every stored timestamp but TTLs. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
