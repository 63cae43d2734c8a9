import { isoTime } from '@outbox/function-kit';
import {
  MAX_BATCH_ENTRIES,
  sampleOf,
  SHARDS,
  sweepOrder,
  type StoredOutboxItem,
  type UnpublishedKey,
} from '@outbox/outbox-rules';
import { unpublishedOf } from '../table/unpublished-index';
import { claimDue, type Claimed } from './claim-due';
import { oldestAge } from './oldest-age';
import { SweepIncomplete, type SweeperPorts } from './ports';
import { budgetOf, type Budget } from './previous-run';
import { publishClaimed } from './publish-claimed';
import { writeState } from './sweeper-state';

/** What a run did. */
export interface SweepReport {
  /** Index entries that were due, as far as the run looked. */
  readonly due: number;
  readonly published: number;
  /** Claimed, but not accepted by the bus: they come due again. */
  readonly refused: number;
  /** Given up after their last attempt. */
  readonly failed: number;
  /** Most events this run was allowed to publish. */
  readonly budget: number;
  /** Milliseconds since the oldest commit among what is unpublished. */
  readonly oldestUnpublishedMs: number;
  /** Whether time ran out before the work did; the next run goes on from there. */
  readonly outOfTime: boolean;
}

/** Kept back for one group of ten that takes long, and for writing down what was done. */
const RESERVE_MS = 5_000;

/**
 * Publishes again what is due at `now` (epoch milliseconds) and still unpublished: claimed first, so that runs may
 * overlap, die anywhere and be repeated. Costs one Query per shard when nothing is unpublished. Metrics: SweepRuns,
 * EventsRepublished, EventsRefused, EventsFailed, OldestUnpublishedAge (ms), SweepBudgetHalved.
 * @throws SweepIncomplete after having done and written down what it could
 */
export async function sweep(ports: SweeperPorts, now: number, remainingMs: () => number): Promise<SweepReport> {
  const { table, policy, metrics, logger } = ports;
  metrics.count('SweepRuns');
  const shards = await Promise.all(SHARDS.map((shard) => unpublishedOf(table, shard, policy.limit)));
  const unpublished = shards.flat();
  const due = unpublished.filter(({ dueAt }) => Date.parse(dueAt) <= now);
  const budget = due.length > 0 ? await budgetOf(ports, now) : undefined;
  if (budget?.previous === 'none-acknowledged') {
    metrics.count('SweepBudgetHalved');
    logger.warn('nothing of the previous run was acknowledged', { budget: budget.budget });
  }

  const chosen = sweepOrder(due).slice(0, budget?.budget ?? 0);
  const worked = await work(ports, chosen, now, remainingMs);
  const { published, refused, failed, faults, outOfTime } = worked;
  metrics.count('EventsRepublished', published.length);
  metrics.count('EventsRefused', refused);
  metrics.count('EventsFailed', failed);
  if (budget) await remember(ports, budget, published, now);

  const oldestUnpublishedMs = await oldestAge(ports, unpublished, worked.seen, now);
  metrics.milliseconds('OldestUnpublishedAge', oldestUnpublishedMs);
  const report: SweepReport = {
    due: due.length,
    published: published.length,
    refused,
    failed,
    budget: budget?.budget ?? policy.limit,
    oldestUnpublishedMs,
    outOfTime,
  };
  logger.info('swept', { ...report, now: isoTime(now) });
  if (faults.length > 0) throw new SweepIncomplete(faults.length, faults[0]);
  return report;
}

interface Worked {
  readonly published: readonly Claimed[];
  readonly refused: number;
  readonly failed: number;
  readonly faults: readonly unknown[];
  readonly outOfTime: boolean;
  /** Every candidate that was read, with the item if it still waits. */
  readonly seen: ReadonlyMap<UnpublishedKey, StoredOutboxItem | undefined>;
}

/** Group by group of what one call of the bus takes, each claimed just before it is published. */
async function work(
  ports: SweeperPorts,
  chosen: readonly UnpublishedKey[],
  now: number,
  remainingMs: () => number,
): Promise<Worked> {
  const published: Claimed[] = [];
  const faults: unknown[] = [];
  const seen = new Map<UnpublishedKey, StoredOutboxItem | undefined>();
  let refused = 0;
  let failed = 0;
  for (let start = 0; start < chosen.length; start += MAX_BATCH_ENTRIES) {
    if (remainingMs() <= RESERVE_MS) return { published, refused, failed, faults, seen, outOfTime: true };
    const group = chosen.slice(start, start + MAX_BATCH_ENTRIES);
    const outcomes = await Promise.all(group.map((key) => claimDue(ports, key, now)));
    const claimed: Claimed[] = [];
    for (const [index, key] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'claimed') claimed.push(outcome.claimed);
      if (outcome?.kind === 'given-up') failed += 1;
      if (outcome?.kind === 'fault') faults.push(outcome.error);
      if (outcome?.kind === 'claimed') seen.set(key, outcome.claimed.item);
      if (outcome?.kind === 'passed' || outcome?.kind === 'given-up') seen.set(key, undefined);
    }
    const sent = await publishClaimed(ports, claimed);
    published.push(...sent.accepted);
    refused += sent.refused;
    if (sent.fault !== undefined) {
      faults.push(sent.fault);
      break;
    }
  }
  return { published, refused, failed, faults, seen, outOfTime: false };
}

/** Writes down what the next run judges this one by; a run that published nothing leaves only its budget. */
async function remember(
  { table, logger }: SweeperPorts,
  { budget, previous, state }: Budget,
  published: readonly Claimed[],
  now: number,
): Promise<void> {
  const keepSample = previous === 'too-early' && state;
  const sample = keepSample ? state.sample : sampleOf(published).map(({ item: { pk, sk, id } }) => ({ pk, sk, id }));
  const sampledAt = keepSample ? state.sampledAt : isoTime(now);
  if (budget === state?.budget && sample.length === 0 && state.sample.length === 0) return;
  if (!(await writeState(table, { budget, sample, sampledAt }, state))) {
    logger.info('another run wrote the state of the sweeper meanwhile');
  }
}
