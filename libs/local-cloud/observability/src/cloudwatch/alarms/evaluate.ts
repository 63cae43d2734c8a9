import type { StateValue } from '../model';

/** A datapoint an alarm is evaluated over. */
export interface Datapoint {
  /** Start of its period in epoch milliseconds. */
  readonly at: number;
  readonly value: number;
  /** How many were reported; undefined for an expression. */
  readonly samples: number | undefined;
  readonly breaching: boolean;
}

export type TreatMissing = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** How many datapoints decide, and what counts for those that are missing. */
export interface EvaluationRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissing: TreatMissing;
}

/** What an evaluation comes to; `keep` leaves the alarm in the state it is in. */
export type Verdict =
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'state';
      readonly state: StateValue;
      /** The real datapoints that were looked at, newest first. */
      readonly evaluated: readonly Datapoint[];
      /** How many missing ones were filled in to come to the number of evaluation periods. */
      readonly filled: number;
    };

/**
 * How many periods are looked at: some more than are evaluated, in case data is missing. AWS documents 5 for 3
 * evaluation periods, and that the number depends on the period; we take two more for every period.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/**
 * The state an alarm comes to by the datapoints of its evaluation range, oldest first, `undefined` where one is missing.
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", its tables included.
 */
export function evaluate(range: readonly (Datapoint | undefined)[], rule: EvaluationRule): Verdict {
  const newestFirst = [...range].reverse();
  const real = newestFirst.filter((point) => point !== undefined);
  const evaluated = real.slice(0, rule.evaluationPeriods);
  const filled = rule.evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter((point) => point.breaching).length;
  const state = (value: StateValue): Verdict => ({ kind: 'state', state: value, evaluated, filled });
  const byCount = (count: number): Verdict => state(count >= rule.datapointsToAlarm ? 'ALARM' : 'OK');

  if (filled === 0 || rule.treatMissing === 'notBreaching') return byCount(breaching);
  if (rule.treatMissing === 'breaching') return byCount(breaching + filled);
  if (breaching >= rule.datapointsToAlarm) return state('ALARM');
  if (breaching < evaluated.length) return state('OK');
  if (rule.treatMissing === 'ignore') return { kind: 'keep' };
  // Nothing but breaching datapoints, fewer than it takes: ALARM once the oldest of them is old enough.
  const oldest = newestFirst.findLastIndex((point) => point !== undefined);
  return state(oldest + 1 >= rule.datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA');
}
