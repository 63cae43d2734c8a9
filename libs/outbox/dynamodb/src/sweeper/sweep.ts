import { isoTime } from '@outbox/function-kit';
import { sampleOf, splitByAggregate, sweepOrder, usedBudget, type UnpublishedKey } from '@outbox/outbox-rules';
import { oldestAge } from './oldest-age';
import {
  describeFault,
  SWEEP_RESERVE_MS,
  SweepIncomplete,
  type Share,
  type ShareReport,
  type SweeperPorts,
} from './ports';
import { budgetOf, type Budget } from './previous-run';
import { writeState } from './sweeper-state';
import { Unpublished } from './unpublished';
import { workShare } from './work-share';

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

/** Events that one invocation works in some ten seconds. A run that has more hands them out, a share to an invocation. */
const SHARE_SIZE = 1_000;

/**
 * Publishes again what is due at `now` (epoch milliseconds) and still unpublished: claimed first, so that runs may
 * overlap, die anywhere and be repeated. Up to `SHARE_SIZE` events it works itself; of more it has other invocations work
 * a share each, at the same time, and waits for them. Costs one Query per shard when nothing is unpublished. Metrics:
 * SweepRuns, EventsRepublished, EventsRefused, EventsFailed, OldestUnpublishedAge (ms), SweepBudgetHalved.
 * @throws SweepIncomplete after having done and written down what it could
 */
export async function sweep(ports: SweeperPorts, now: number, remainingMs: () => number): Promise<SweepReport> {
  const { table, policy, metrics, logger } = ports;
  metrics.count('SweepRuns');
  const unpublished = await Unpublished.read(table, now);
  const budget = unpublished.due.length > 0 ? await budgetOf(ports, now) : undefined;
  if (budget?.previous === 'none-acknowledged') {
    metrics.count('SweepBudgetHalved');
    logger.warn('nothing of the previous run was acknowledged', { budget: budget.budget });
  }
  if (budget) await unpublished.readUntilDue(budget.budget);

  const { due } = unpublished;
  const chosen = sweepOrder(due).slice(0, budget?.budget ?? 0);
  const shares = await workShares(ports, chosen, now, remainingMs);
  const done = { published: 0, refused: 0, failed: 0 };
  for (const share of shares) {
    done.published += share.published;
    done.refused += share.refused;
    done.failed += share.failed;
  }
  metrics.count('EventsRepublished', done.published);
  metrics.count('EventsRefused', done.refused);
  metrics.count('EventsFailed', done.failed);
  if (budget) await remember(ports, budget, { published: done.published, shares }, now);

  const worked = new Set(chosen);
  const rest = unpublished.keys.filter((key) => !worked.has(key));
  const oldestUnpublishedMs = Math.max(
    await oldestAge(ports, rest, new Map(), now),
    ...shares.map((share) => share.oldestUnpublishedMs),
  );
  metrics.milliseconds('OldestUnpublishedAge', oldestUnpublishedMs);
  const report: SweepReport = {
    due: due.length,
    ...done,
    budget: budget?.budget ?? policy.start,
    oldestUnpublishedMs,
    outOfTime: shares.some(({ outOfTime }) => outOfTime),
  };
  logger.info('swept', { ...report, shares: shares.length, now: isoTime(now) });
  const [first, ...further] = shares.flatMap(({ faults }) => faults);
  if (first !== undefined) throw new SweepIncomplete(further.length + 1, first);
  return report;
}

/** Works the chosen events, by several invocations if they are many. What a share lacked time for is due at the next run. */
async function workShares(
  ports: SweeperPorts,
  chosen: readonly UnpublishedKey[],
  now: number,
  remainingMs: () => number,
): Promise<ShareReport[]> {
  const { workers, clock, logger } = ports;
  if (chosen.length <= SHARE_SIZE) return [await workShare(ports, chosen, now, remainingMs)];
  const waiting = splitByAggregate(chosen, Math.ceil(chosen.length / SHARE_SIZE));
  const reports: ShareReport[] = [];
  const takeShares = async (): Promise<void> => {
    for (let keys = waiting.shift(); keys; keys = waiting.shift()) {
      const deadline = clock.now() + remainingMs() - SWEEP_RESERVE_MS;
      const share = remainingMs() > SWEEP_RESERVE_MS ? await handOut({ keys, now, deadline }) : undefined;
      reports.push(share ?? (await workShare(ports, keys, now, remainingMs)));
    }
  };
  /** Undefined: it is to be worked here. */
  const handOut = async (share: Share): Promise<ShareReport | undefined> => {
    try {
      const report = await workers.work(share);
      if (!report) logger.warn('a share of the sweep could not be handed out', { events: share.keys.length });
      return report;
    } catch (error) {
      logger.error('a share of the sweep failed', { events: share.keys.length, error });
      const oldestUnpublishedMs = await oldestAge(ports, share.keys, new Map(), now);
      return { ...NOTHING_DONE, faults: [describeFault(error)], oldestUnpublishedMs };
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers.atOnce, waiting.length) }, takeShares));
  return reports;
}

const NOTHING_DONE: ShareReport = {
  published: 0,
  sample: [],
  refused: 0,
  failed: 0,
  faults: [],
  outOfTime: false,
  oldestUnpublishedMs: 0,
};

/** Writes down what the next run judges this one by; a run that published nothing leaves only its budget. */
async function remember(
  { table, policy, logger }: SweeperPorts,
  { budget: allowed, previous, state }: Budget,
  { published, shares }: { readonly published: number; readonly shares: readonly ShareReport[] },
  now: number,
): Promise<void> {
  const keepSample = previous === 'too-early' && state;
  const sample = keepSample ? state.sample : sampleOf(shares.flatMap((share) => share.sample));
  const sampledAt = keepSample ? state.sampledAt : isoTime(now);
  const budget = usedBudget(allowed, published, policy.start);
  if (budget === state?.budget && sample.length === 0 && state.sample.length === 0) return;
  if (!(await writeState(table, { budget, sample, sampledAt }, state))) {
    logger.info('another run wrote the state of the sweeper meanwhile');
  }
}
