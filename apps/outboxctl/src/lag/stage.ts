/** The slower of the last two periods, milliseconds since the commit. */
export interface StageLag {
  readonly p50: number;
  readonly p99: number;
}

/** One stage of the way from the commit to the effect; what a stage doesn't have is left out. */
export interface Stage {
  readonly stage: string;
  /** Unpublished events, or messages in the queue that nobody has received. */
  readonly waiting?: number;
  /** Received and not done, or parked until their turn. */
  readonly underWay?: number;
  /** Age of the oldest that waits; null: something waits, and there is no figure yet. */
  readonly oldestSeconds?: number | null;
  /** How long after its commit an event is here; null: nothing came through lately; left out, too, where nobody writes it. */
  readonly lagMs?: StageLag | null;
  readonly deadLetters?: number;
}

/** Every stage in the order an event passes them. */
export interface LagReport {
  /** ISO-8601. */
  readonly at: string;
  readonly objectiveSeconds: number;
  readonly stages: readonly Stage[];
  /** What is behind and where, a sentence each; nothing means that nothing is. */
  readonly behind: readonly string[];
}

/**
 * What is behind: older than the objective, slower than the objective at the 99th percentile, or in a dead-letter queue.
 */
export function behindIn(stages: readonly Stage[], objectiveSeconds: number): string[] {
  return stages.flatMap(({ stage, oldestSeconds, lagMs, deadLetters = 0 }) => [
    ...(oldestSeconds !== undefined && oldestSeconds !== null && oldestSeconds > objectiveSeconds
      ? [`${stage}: the oldest waits for ${Math.round(oldestSeconds)} s`]
      : []),
    ...(lagMs && lagMs.p99 > objectiveSeconds * 1000
      ? [`${stage}: p99 of the lag is ${(lagMs.p99 / 1000).toFixed(1)} s`]
      : []),
    ...(deadLetters > 0 ? [`${stage}: ${deadLetters} dead letters`] : []),
  ]);
}
