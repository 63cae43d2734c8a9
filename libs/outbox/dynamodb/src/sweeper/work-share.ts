import {
  MAX_BATCH_ENTRIES,
  sampleOf,
  splitByAggregate,
  type StoredOutboxItem,
  type UnpublishedKey,
} from '@outbox/outbox-rules';
import { claimDue, type Claimed } from './claim-due';
import { oldestAge } from './oldest-age';
import { describeFault, SWEEP_RESERVE_MS, type ShareReport, type SweeperPorts } from './ports';
import { publishClaimed } from './publish-claimed';

/** Groups of ten that are claimed and put on the bus at the same time. */
const LANES = 8;

/** What the lanes of a share have done so far. */
class Progress {
  readonly published: Claimed[] = [];
  readonly faults: string[] = [];
  /** Every candidate that was read, with the item if it still waits. */
  readonly seen = new Map<UnpublishedKey, StoredOutboxItem | undefined>();
  refused = 0;
  failed = 0;
  outOfTime = false;
  /** The bus is out of reach: there is no point in claiming more. */
  isStopped = false;
}

/** Claims and publishes the events of `keys`, several aggregates at a time, each aggregate's as they are given. */
export async function workShare(
  ports: SweeperPorts,
  keys: readonly UnpublishedKey[],
  now: number,
  remainingMs: () => number,
): Promise<ShareReport> {
  const progress = new Progress();
  const lanes = splitByAggregate(keys, LANES);
  await Promise.all(lanes.map((lane) => workLane(ports, lane, now, remainingMs, progress)));
  const { published, refused, failed, faults, outOfTime, seen } = progress;
  return {
    published: published.length,
    sample: sampleOf(published).map(({ item: { pk, sk, id } }) => ({ pk, sk, id })),
    refused,
    failed,
    faults,
    outOfTime,
    oldestUnpublishedMs: await oldestAge(ports, keys, seen, now),
  };
}

/** Group by group of what one call of the bus takes, each claimed just before it is published. */
async function workLane(
  ports: SweeperPorts,
  lane: readonly UnpublishedKey[],
  now: number,
  remainingMs: () => number,
  progress: Progress,
): Promise<void> {
  for (let start = 0; start < lane.length && !progress.isStopped; start += MAX_BATCH_ENTRIES) {
    if (remainingMs() <= SWEEP_RESERVE_MS) {
      progress.outOfTime = true;
      return;
    }
    const claimed = await claimGroup(ports, lane.slice(start, start + MAX_BATCH_ENTRIES), now, progress);
    const sent = await publishClaimed(ports, claimed, remainingMs);
    progress.published.push(...sent.accepted);
    progress.refused += sent.refused;
    if (sent.fault !== undefined) {
      progress.faults.push(describeFault(sent.fault));
      progress.isStopped = true;
    }
  }
}

async function claimGroup(
  ports: SweeperPorts,
  group: readonly UnpublishedKey[],
  now: number,
  progress: Progress,
): Promise<Claimed[]> {
  const claimed: Claimed[] = [];
  const outcomes = await Promise.all(group.map(async (key) => ({ key, outcome: await claimDue(ports, key, now) })));
  for (const { key, outcome } of outcomes) {
    if (outcome.kind === 'claimed') claimed.push(outcome.claimed);
    if (outcome.kind === 'given-up') progress.failed += 1;
    if (outcome.kind === 'fault') progress.faults.push(describeFault(outcome.error));
    if (outcome.kind === 'claimed') progress.seen.set(key, outcome.claimed.item);
    if (outcome.kind === 'passed' || outcome.kind === 'given-up') progress.seen.set(key, undefined);
  }
  return claimed;
}
