import { isoTime, retryWithin } from '@outbox/function-kit';
import { batchesOf, republish, type BusEntry } from '@outbox/outbox-rules';
import { writeRefusal } from '../table/outbox-updates';
import type { Claimed } from './claim-due';
import { describeFault, SWEEP_RESERVE_MS, type BusVerdict, type SweeperPorts } from './ports';

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
 * Puts claimed events on the bus, in their order, and checks the answer entry by entry. What the bus throttles is put
 * again, later each time, before the next is. What was not accepted keeps its claim and comes due again; why is noted on
 * the item.
 */
export async function publishClaimed(
  ports: SweeperPorts,
  claimed: readonly Claimed[],
  remainingMs: () => number,
): Promise<Published> {
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
      const verdicts = await putPatiently(ports, batch, remainingMs);
      for (const { claimed: one } of batch) {
        const verdict = verdicts.get(one);
        if (verdict === undefined) accepted.push(one);
        else await refuse(one, typeof verdict === 'string' ? verdict : verdict.throttled);
      }
    } catch (fault) {
      for (const { claimed: one } of batches.slice(index).flat()) await refuse(one, describeFault(fault));
      return { accepted, refused, fault };
    }
  }
  return { accepted, refused };
}

/** Backing off costs no attempt: whoever gave the entry up now would publish it again in minutes. */
const THROTTLE = { reserveMs: SWEEP_RESERVE_MS, baseMs: 200, capMs: 5_000 };

/** The last verdict on each entry of a batch; throttled ones are put again for as long as there is time. */
async function putPatiently(
  { bus, retry }: SweeperPorts,
  batch: readonly Ready[],
  remainingMs: () => number,
): Promise<ReadonlyMap<Claimed, BusVerdict>> {
  const verdicts = new Map<Claimed, BusVerdict>();
  let waiting = batch;
  await retryWithin({ ...retry, ...THROTTLE, remainingMs }, async () => {
    const answers = await bus.put(waiting.map(({ entry }) => entry));
    for (const [index, { claimed }] of waiting.entries()) verdicts.set(claimed, answers[index]);
    waiting = waiting.filter((_, index) => typeof answers[index] === 'object');
    return waiting.length > 0 ? { kind: 'again', reason: 'throttled' } : { kind: 'answer', value: undefined };
  });
  return verdicts;
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
