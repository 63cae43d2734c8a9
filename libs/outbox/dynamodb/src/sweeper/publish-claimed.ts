import { isoTime } from '@outbox/function-kit';
import { batchesOf, republish, type BusEntry } from '@outbox/outbox-rules';
import { writeRefusal } from '../table/outbox-updates';
import type { Claimed } from './claim-due';
import type { SweeperPorts } from './ports';

/** What came of claimed events. With a `fault` the bus is out of reach and the run had better end. */
export interface Published {
  readonly accepted: readonly Claimed[];
  readonly refused: number;
  readonly fault?: unknown;
}

interface Ready {
  readonly claimed: Claimed;
  readonly entry: BusEntry;
}

/**
 * Puts claimed events on the bus, in their order, and checks the answer entry by entry. What was not accepted keeps its
 * claim and comes due again; why is noted on the item.
 */
export async function publishClaimed(ports: SweeperPorts, claimed: readonly Claimed[]): Promise<Published> {
  const accepted: Claimed[] = [];
  let refused = 0;
  const refuse = async (one: Claimed, reason: string): Promise<void> => {
    refused += 1;
    await noteRefusal(ports, one, reason);
  };

  const relayedAt = isoTime(ports.clock.now());
  const ready: Ready[] = [];
  for (const one of claimed) {
    const made = republish(one.item, relayedAt);
    if (made.kind === 'entry') ready.push({ claimed: one, entry: made.entry });
    else await refuse(one, made.reason);
  }
  const batches = batchesOf(ready, ({ entry }) => entry);
  for (const [index, batch] of batches.entries()) {
    try {
      const verdicts = await ports.bus.put(batch.map(({ entry }) => entry));
      for (const [position, { claimed: one }] of batch.entries()) {
        const verdict = verdicts[position];
        if (verdict === undefined) accepted.push(one);
        else await refuse(one, verdict);
      }
    } catch (fault) {
      for (const { claimed: one } of batches.slice(index).flat()) await refuse(one, describe(fault));
      return { accepted, refused, fault };
    }
  }
  return { accepted, refused };
}

/** Longest reason kept on an item; it says what to do, the log has the rest. */
const MAX_REASON = 500;

/** The note is for whoever looks into a failed event: the event itself is safe without it. */
async function noteRefusal(
  { table, logger }: SweeperPorts,
  { item, attempts }: Claimed,
  reason: string,
): Promise<void> {
  const evidence = { pk: item.pk, sk: item.sk, eventId: item.id, attempts, reason };
  logger.warn('event not accepted', evidence);
  try {
    await writeRefusal(table, item, attempts, reason.slice(0, MAX_REASON));
  } catch (error) {
    logger.warn('the reason could not be noted', { ...evidence, error });
  }
}

function describe(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
}
