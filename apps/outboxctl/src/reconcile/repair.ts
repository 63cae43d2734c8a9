import type { LambdaClient } from '@aws-sdk/client-lambda';
import { writeRearmed, type OutboxTable } from '@outbox/outbox-dynamodb';
import { eventKey, rearm } from '@outbox/outbox-rules';
import { keyOfAggregate } from '../aggregate-key';
import type { Stack } from '../stack';
import { runSweeper } from '../sweeping';
import type { Finding, FindingKind } from './finding';

/** What publishing the event again can mend: whoever did it already does nothing the second time. */
const REPAIRABLE: ReadonlySet<FindingKind> = new Set<FindingKind>(['lost', 'late', 'failed']);

/** A finding that publishing its event again mends. */
type Repairable = Finding & Required<Pick<Finding, 'sequence' | 'eventId'>>;

/** Whether publishing its event again mends a finding. */
export function isRepairable(finding: Finding): finding is Repairable {
  const isMended = REPAIRABLE.has(finding.kind) || finding.mayBeLost === true;
  return isMended && finding.sequence !== undefined && finding.eventId !== undefined;
}

/** The most one sweep publishes may be less than what is due: so many runs, and no more, are made. */
const MOST_SWEEPS = 1_000;

/**
 * Makes an event due for the sweeper again; it alone may publish. Returns whether there is such an event: what
 * retention removed can't be repaired.
 */
export function repairFinding(table: OutboxTable, finding: Repairable, now: number): Promise<boolean> {
  const pk = keyOfAggregate(finding);
  return writeRearmed(table, { pk, sk: eventKey(finding.sequence) }, rearm(pk, now), { only: 'existing' });
}

/** Runs the sweeper until nothing is due at `now`, or `stop` says so. */
export async function sweepUntilDone(
  lambda: LambdaClient,
  stack: Stack,
  now: number,
  stop: AbortSignal,
): Promise<void> {
  for (let run = 0; run < MOST_SWEEPS && !stop.aborted; run++) {
    const report = await runSweeper(lambda, stack, now);
    if (Number(report['due'] ?? 0) === 0) return;
  }
}
