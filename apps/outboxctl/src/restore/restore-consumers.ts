import type { AggregateId } from '../aggregate-id';
import { bySequence, lastPassedAfter } from '../reconcile/absent';
import { forEachAggregate } from '../reconcile/each-aggregate';
import type { ScannedAggregate } from '../reconcile/scan';
import { skip, SkipRefused } from '../skip';
import type { ReadCount } from '../tables';
import { loadConsumers } from '../trace/load';
import type { RestoreOptions } from './restore-heads';

/** What became of an in-order consumer that waited for numbers which a restore took. */
export interface StepResult extends AggregateId {
  readonly consumer: string;
  /** The event it stood at, and the last that it passed over. */
  readonly from: number;
  readonly to: number;
  /** `would-move`: nothing is written in a dry run. `moved-meanwhile`: it was at work, or has moved; nothing was changed. */
  readonly result: 'moved' | 'would-move' | 'moved-meanwhile';
}

/**
 * Steps in-order consumers over the numbers that `restoreHeads` noted and that have no event, as `skip` does. Returns how
 * many aggregates it looked at.
 */
export async function restoreConsumers(options: RestoreOptions<StepResult>): Promise<number> {
  const { dynamodb, stack, stop, progress } = options;
  const read: ReadCount = { items: 0, capacityUnits: 0 };
  let aggregates = 0;
  const table = { dynamodb, tableName: stack.outbox_table_name };
  await forEachAggregate(table, { read, part: undefined, stop }, async (scanned) => {
    aggregates += 1;
    progress(aggregates);
    if (scanned.state.passedOver.length > 0) await step(options, scanned);
  });
  return aggregates;
}

async function step(
  { dynamodb, stack, reason, by, now, dryRun, found }: RestoreOptions<StepResult>,
  { about, state }: ScannedAggregate,
): Promise<void> {
  const outbox = bySequence(state.events);
  for (const { name: consumer, output, subject, corrupt } of await loadConsumers(dynamodb, stack, about)) {
    if (output.policy !== 'in-order' || corrupt) continue;
    const from = subject.head?.lastVersion ?? 0;
    const to = lastPassedAfter(from, { outbox, passedOver: state.passedOver });
    if (to === from) continue;
    const moved = { ...about, consumer, from, to };
    if (dryRun) {
      found({ ...moved, result: 'would-move' });
      continue;
    }
    try {
      const at = new Date(now).toISOString();
      await skip(dynamodb, stack, output.table_name, about, { to, reason, by, at });
      found({ ...moved, result: 'moved' });
    } catch (error) {
      if (!(error instanceof SkipRefused)) throw error;
      found({ ...moved, result: 'moved-meanwhile' });
    }
  }
}
