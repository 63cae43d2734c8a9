/** The budget is never halved below this. */
export const MIN_SWEEP_BUDGET = 10;

/** Events of a run whose fate is looked up at the next one. */
export const SAMPLE_SIZE = 10;

/**
 * What became of the events that the previous run published. `too-early`: they had no time to be acknowledged.
 * `nothing-known`: it published none.
 */
export type PreviousRun = 'some-acknowledged' | 'none-acknowledged' | 'too-early' | 'nothing-known';

/**
 * How many events a run may publish, from what the run before used (`usedBudget`). With a broken acknowledger every event
 * would be published over and over: as long as nothing comes back, the budget halves; once something does, it doubles.
 * Nothing else caps it: a backlog drains as fast as its events come back.
 */
export function sweepBudget(used: number, start: number, run: PreviousRun): number {
  switch (run) {
    case 'some-acknowledged':
      return used * 2;
    case 'none-acknowledged':
      return Math.max(Math.min(MIN_SWEEP_BUDGET, start), Math.floor(used / 2));
    case 'too-early':
    case 'nothing-known':
      return used;
  }
}

/** What the next run's budget follows from: up to `start` what this run was allowed, beyond that what it published. */
export function usedBudget(budget: number, published: number, start: number): number {
  return Math.max(Math.min(budget, start), published);
}

/** A few events of a run, evenly spread over it, the first and the last among them. */
export function sampleOf<T>(published: readonly T[]): T[] {
  if (published.length <= SAMPLE_SIZE) return [...published];
  const step = (published.length - 1) / (SAMPLE_SIZE - 1);
  return Array.from({ length: SAMPLE_SIZE }, (_, index) => published[Math.round(index * step)]).flatMap((one) =>
    one === undefined ? [] : [one],
  );
}
