import type { Condition } from '@outbox/console-api';

/** The best first. */
const WORSE: readonly Condition[] = ['running', 'waiting', 'behind', 'failing', 'stopped'];

/** The worst of several; `running` when there is none. */
export function worstOf(conditions: readonly Condition[]): Condition {
  return WORSE[Math.max(0, ...conditions.map((condition) => WORSE.indexOf(condition)))] ?? 'running';
}
