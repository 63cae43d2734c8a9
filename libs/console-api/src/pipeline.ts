/**
 * How a stage does, the worst last: `running`; `waiting`: something waits, within the objective; `behind`: the objective
 * is missed, or something was set aside; `failing`: attempts fail; `stopped`: somebody, or AWS, has switched it off.
 */
export type Condition = 'running' | 'waiting' | 'behind' | 'failing' | 'stopped';

export type StageKind = 'outbox' | 'relay' | 'consumer' | 'acknowledger';

/** Milliseconds since the commit. */
export interface StageLag {
  readonly p50: number;
  readonly p99: number;
}

/** One stage on the way of an event; what a stage doesn't have is left out. */
export interface StageView {
  readonly name: string;
  readonly kind: StageKind;
  readonly condition: Condition;
  /** Why it isn't `running`, a sentence each. */
  readonly says: readonly string[];
  readonly waiting?: number;
  /** Received and not done, or parked until its turn. */
  readonly underWay?: number;
  /** null: something waits, and there is no figure yet. */
  readonly oldestSeconds?: number | null;
  /** null: nothing came through lately. */
  readonly lagMs?: StageLag | null;
  readonly deadLetters?: number;
  /** Events per minute, the oldest minute first, the running one last. */
  readonly perMinute?: readonly number[];
  /** Failed attempts of the last two minutes. */
  readonly failed?: number;
  /** Whether it can be paused, and is. */
  readonly paused?: boolean;
}

/** Everything of the pipeline at one time; sent as `pipeline` whenever it changed. */
export interface Pipeline {
  /** ISO-8601. */
  readonly at: string;
  readonly objectiveSeconds: number;
  readonly stages: readonly StageView[];
  readonly alarms: readonly AlarmView[];
}

export interface AlarmView {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Why it is in this state, in CloudWatch's words. */
  readonly reason: string;
  /** ISO-8601. */
  readonly since?: string;
  readonly description: string;
  /** Where it is said what to do: an address, or a file of the repository. */
  readonly runbook?: string;
}
