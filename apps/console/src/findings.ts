import type { Job } from '@outbox/console-api';

/** One thing that a comparison found wrong. */
export interface Finding {
  readonly kind: string;
  readonly aggregate: string;
  readonly id: string;
  readonly sequence?: number;
  readonly type?: string;
  readonly consumer?: string;
  readonly detail: string;
}

/** How many of a kind a comparison found at a consumer. */
export interface FindingGroup {
  readonly kind: string;
  readonly consumer?: string;
  readonly count: number;
}

/** What a comparison of the outbox with its consumers came to. */
export interface Verdict {
  readonly at: string;
  readonly aggregates: number;
  readonly events: number;
  readonly groups: readonly FindingGroup[];
  /** Some of each group. */
  readonly findings: readonly Finding[];
  /** Of a repair: how many events were published again. */
  readonly repaired?: number;
}

/** What `reconcile` printed in a job that has ended: findings, a line each, then the report. */
export function verdictOf({ startedAt, state, output, error }: Job): Verdict | undefined {
  if (state === 'running' || error !== undefined) return undefined;
  const report = output.at(-1);
  if (!isReport(report)) return undefined;
  const findings = output.slice(0, -1).filter(isFinding);
  const { aggregates, events, groups, repaired } = report;
  return { at: startedAt, aggregates, events, groups, findings, ...(repaired === undefined ? {} : { repaired }) };
}

type Report = Pick<Verdict, 'aggregates' | 'events' | 'groups' | 'repaired'>;

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'aggregates' in value && 'groups' in value;
}

function isFinding(value: unknown): value is Finding {
  return typeof value === 'object' && value !== null && 'kind' in value && 'detail' in value;
}
