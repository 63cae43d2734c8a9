import { isoTime, passingTracer, recordSpan, retryWithin, type LogFields } from '@outbox/function-kit';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { batchesOf, release, republish, type BusEntry, type Release } from '@outbox/outbox-rules';
import { eventAttributes, eventFields } from '../event-evidence';
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
  readonly event: EventEnvelope;
}

/**
 * Puts claimed events on the bus, in their order, and checks the answer entry by entry. What the bus throttles is put
 * again, later each time, before the next is; what it fails at a few times only, so that it holds up none of the others.
 * What was not accepted comes due again; why is noted on the item. What the bus refused for what it holds keeps its claim,
 * so that it is tried less and less often; what it refused for its own reasons (it throttles, fails, lets nobody in, or is
 * out of reach) is released: that says nothing of the event. Each group has a span with a link to each event's trace, and
 * each event that was accepted one in its own.
 * @param now the run's, epoch milliseconds
 */
export async function publishClaimed(
  ports: SweeperPorts,
  claimed: readonly Claimed[],
  now: number,
  remainingMs: () => number,
): Promise<Published> {
  const accepted: Claimed[] = [];
  let refused = 0;
  const known = new Map<Claimed, EventEnvelope>();
  const refuse = async (one: Claimed, reason: string, released?: Release): Promise<void> => {
    refused += 1;
    const event = known.get(one);
    await noteRefusal(ports, one, reason, event ? eventFields(event) : { eventId: one.item.id }, released);
  };
  const putBack = (one: Claimed, reason: string): Promise<void> =>
    refuse(one, reason, release(one.attempts, now, ports.policy));

  const relayedAt = isoTime(ports.clock.now());
  const ready: Ready[] = [];
  for (const one of claimed) {
    const made = republish(one.item, relayedAt);
    if (made.kind === 'entry') {
      known.set(one, made.event);
      ready.push({ claimed: one, ...made });
    } else await refuse(one, made.reason);
  }
  const { tracer = passingTracer, clock } = ports;
  const batches = batchesOf(ready, ({ entry }) => entry);
  for (const [index, batch] of batches.entries()) {
    const links = batch.map(({ event }) => event);
    const span = tracer.start({ name: 'sweep', links, attributes: { 'messaging.batch.message_count': batch.length } });
    const startedAt = clock.now();
    try {
      const verdicts = await putPatiently(ports, batch, remainingMs);
      for (const { claimed: one, event } of batch) {
        const verdict = verdicts.get(one);
        if (verdict === undefined) {
          accepted.push(one);
          const attributes = { ...eventAttributes(event), 'outbox.attempt': one.attempts };
          const about = { name: 'republish', kind: 'producer', parent: event, links: [span.context] } as const;
          recordSpan(tracer, { ...about, attributes, startedAt }, clock.now());
        } else if (typeof verdict === 'string') await refuse(one, verdict);
        else await putBack(one, reasonOf(verdict));
      }
    } catch (fault) {
      span.fail(fault);
      for (const { claimed: one } of batches.slice(index).flat()) await putBack(one, describeFault(fault));
      return { accepted, refused, fault };
    } finally {
      span.end();
    }
  }
  return { accepted, refused };
}

/** Backing off costs no attempt: whoever gave the entry up now would publish it again in minutes. */
const THROTTLE = { reserveMs: SWEEP_RESERVE_MS, baseMs: 200, capMs: 5_000 };

function reasonOf(verdict: Exclude<BusVerdict, string | undefined>): string {
  if ('throttled' in verdict) return verdict.throttled;
  return 'broken' in verdict ? verdict.broken : verdict.unavailable;
}

/** How often an entry is put that the bus fails at: a bus that can't take it would hold up all after it till the end. */
const MOST_PUTS_OF_BROKEN = 3;

/** The last verdict on each entry of a batch; throttled ones are put again for as long as there is time. */
async function putPatiently(
  { bus, retry }: SweeperPorts,
  batch: readonly Ready[],
  remainingMs: () => number,
): Promise<ReadonlyMap<Claimed, BusVerdict>> {
  const verdicts = new Map<Claimed, BusVerdict>();
  let waiting = batch;
  await retryWithin({ ...retry, ...THROTTLE, remainingMs }, async (puts) => {
    const answers = await bus.put(waiting.map(({ entry }) => entry));
    for (const [index, { claimed }] of waiting.entries()) verdicts.set(claimed, answers[index]);
    waiting = waiting.filter((_, index) => isPutAgain(answers[index], puts));
    return waiting.length > 0 ? { kind: 'again', reason: 'not taken yet' } : { kind: 'answer', value: undefined };
  });
  return verdicts;
}

function isPutAgain(verdict: BusVerdict, puts: number): boolean {
  if (typeof verdict !== 'object') return false;
  return 'throttled' in verdict || ('broken' in verdict && puts < MOST_PUTS_OF_BROKEN);
}

/** Longest reason kept on an item; it says what to do, the log has the rest. */
const MAX_REASON = 500;

/** The note is for whoever looks into a failed event: the event itself is safe without it. */
async function noteRefusal(
  { table, logger }: SweeperPorts,
  { item, attempts }: Claimed,
  reason: string,
  about: LogFields,
  released: Release | undefined,
): Promise<void> {
  const evidence = { ...about, pk: item.pk, sk: item.sk, attempts, reason };
  logger.warn('event not accepted', evidence);
  try {
    await writeRefusal(table, item, attempts, reason.slice(0, MAX_REASON), released);
  } catch (error) {
    logger.warn('the reason could not be noted', { ...evidence, error });
  }
}
