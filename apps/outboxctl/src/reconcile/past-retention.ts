import { isBeforeStart, type StoredRecord } from '@outbox/inbox-dynamodb';
import type { OutboxHead } from '@outbox/outbox-dynamodb';
import type { AggregateId } from '../aggregate-id';
import { memoryOf } from '../repeats';
import { subscribes, type Stack } from '../stack';
import type { ConsumerSubject } from '../tables';
import type { Finding } from './finding';

const DAY_MS = 86_400_000;

/** What is left of an aggregate whose events retention took from the outbox. */
export interface Expired {
  readonly head: OutboxHead | undefined;
  /** The sequence numbers of the events that are gone, rising. */
  readonly expired: readonly number[];
}

/** An event that is gone, as far as consumers still know it. */
interface Remembered {
  readonly sequence: number;
  readonly type: string | undefined;
  /** It wasn't committed before that; ISO-8601. */
  readonly notBefore: string | undefined;
}

/**
 * The events past retention that a `once` consumer has not done. It keeps no head, so only what it remembers can tell:
 * as long as it surely remembers an event, one without a record or a note of its own wasn't done. An event's type and the
 * time since when it can have been there come from the head and from what other consumers wrote down; where nobody
 * knows, nothing is found. It goes by what a consumer remembers today: where that was less before, `reconcile`
 * drops what may have been done and forgotten.
 */
export function missedPastRetention(
  aggregate: AggregateId,
  { head, expired }: Expired,
  consumers: readonly ConsumerSubject[],
  { now, stack }: { readonly now: number; readonly stack: Pick<Stack, 'inbox_retention_days'> },
): Finding[] {
  const records = consumers.flatMap(({ subject }) => subject.records);
  // What was erased while a consumer hadn't done it never comes again.
  if (expired.length === 0 || records.some(({ erasedAt }) => erasedAt !== undefined)) return [];
  const events = remember(expired, head?.beganAt, records);
  return consumers
    .filter(({ output }) => output.policy === 'once')
    .flatMap((consumer) => {
      const { name, output, start } = consumer;
      const memoryMs = (memoryOf(stack, output) ?? 0) * DAY_MS;
      const has = knownTo(consumer);
      return events
        .filter(({ sequence, type }) => !has(sequence) && isSurelyIts(consumer, aggregate, type))
        .filter(({ notBefore }) => notBefore !== undefined && now - Date.parse(notBefore) < memoryMs)
        .filter(({ notBefore = '' }) => !isBeforeStart(start, notBefore))
        .map(({ sequence, type, notBefore }): Finding => ({
          kind: 'lost',
          ...aggregate,
          sequence,
          ...(type === undefined ? {} : { type }),
          notBefore,
          consumer: name,
          detail: `past retention, and ${name} remembers nothing of it`,
        }));
    });
}

function remember(
  expired: readonly number[],
  beganAt: string | undefined,
  records: readonly StoredRecord[],
): Remembered[] {
  const types = new Map(records.map(({ version, type }) => [version, type]));
  const rising = [...records].sort((a, b) => a.version - b.version);
  let notBefore = beganAt;
  let next = 0;
  return expired.map((sequence) => {
    for (let record = rising[next]; record && record.version <= sequence; record = rising[next]) {
      if (notBefore === undefined || record.committedAt > notBefore) notBefore = record.committedAt;
      next += 1;
    }
    return { sequence, type: types.get(sequence), notBefore };
  });
}

/** Whether a consumer listens to an event, whose type may be unknown. */
function isSurelyIts({ output }: ConsumerSubject, { aggregate }: AggregateId, type: string | undefined): boolean {
  if (type !== undefined) return subscribes(output, aggregate, type);
  return output.on[aggregate]?.length === 0;
}

/** Tells the numbers that a consumer has done, has in hand, or passed over. */
function knownTo({ subject: { records, pending, skips } }: ConsumerSubject): (sequence: number) => boolean {
  const versions = new Set([...records, ...pending].map(({ version }) => version));
  return (sequence) => versions.has(sequence) || skips.some(({ from, to }) => from < sequence && sequence <= to);
}
