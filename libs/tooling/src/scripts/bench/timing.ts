/** How long things took, in milliseconds. */
export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** How long a number of calls took, and how many there were in a second. */
export interface Timing extends Spread {
  readonly perSecond: number;
}

/** Runs `call` `count` times, `atOnce` at a time. */
export async function timed(count: number, atOnce: number, call: (index: number) => Promise<unknown>): Promise<Timing> {
  const durations: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const started = performance.now();
      await call(index);
      durations.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  return summary(durations, performance.now() - started);
}

/** @param totalMs how long all of it took: less than the sum when calls ran at once */
export function summary(durations: readonly number[], totalMs: number): Timing {
  return { ...spread(durations), perSecond: rounded((durations.length * 1000) / totalMs) };
}

export function spread(durations: readonly number[]): Spread {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** To one digit after the point. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
