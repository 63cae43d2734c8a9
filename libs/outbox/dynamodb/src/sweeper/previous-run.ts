import { isUnpublished, sweepBudget, type PreviousRun } from '@outbox/outbox-rules';
import { readItem } from '../table/outbox-reader';
import type { SweeperPorts } from './ports';
import { readState, type SweeperState } from './sweeper-state';

/** An acknowledgement takes a second or two; half a minute after publishing its absence says something. */
const JUDGE_AFTER_MS = 30_000;

/** The budget of a run, and what it rests on. */
export interface Budget {
  readonly budget: number;
  readonly previous: PreviousRun;
  readonly state: SweeperState | undefined;
}

/** Reads what the last run that published left behind, and how it fared. */
export async function budgetOf({ table, policy }: SweeperPorts, now: number): Promise<Budget> {
  const state = await readState(table);
  const previous = await judge(state);
  return { budget: sweepBudget(state?.budget ?? policy.start, policy.start, previous), previous, state };

  async function judge(last: SweeperState | undefined): Promise<PreviousRun> {
    if (!last || last.sample.length === 0) return 'nothing-known';
    if (now - Date.parse(last.sampledAt) < JUDGE_AFTER_MS) return 'too-early';
    const items = await Promise.all(last.sample.map((key) => readItem(table, key)));
    const acknowledged = last.sample.some((published, index) => {
      const item = items[index];
      return item?.failedAt === undefined && !isUnpublished(item, published.id);
    });
    return acknowledged ? 'some-acknowledged' : 'none-acknowledged';
  }
}
