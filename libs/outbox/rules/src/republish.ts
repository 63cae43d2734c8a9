import type { EventEnvelope } from '@outbox/outbox-envelope';
import { committedEvent } from './committed-event';
import type { StoredOutboxItem } from './outbox-item';
import { utf8Bytes } from './utf8';

/** An event as the sweeper puts it on the bus. */
export interface BusEntry {
  readonly type: string;
  /** The CloudEvent as JSON text, with `relayedat`. */
  readonly detail: string;
}

/** Entries of one call of PutEvents (EventBridge API reference). */
export const MAX_BATCH_ENTRIES = 10;

/** Bytes of one call: the older and lower of the two limits AWS documents for PutEvents, so it holds in every region. */
export const MAX_BATCH_BYTES = 262_144;

/** What an entry weighs beside its detail and type: its source, its time and the names around them. */
const ENTRY_OVERHEAD_BYTES = 256;

/** The entry of an item, stamped with the time of this attempt (ISO-8601), or why the item holds no event. */
export function republish(
  item: StoredOutboxItem,
  relayedAt: string,
):
  | { readonly kind: 'entry'; readonly entry: BusEntry; readonly event: EventEnvelope }
  | { readonly kind: 'unreadable'; readonly reason: string } {
  const committed = committedEvent(item);
  if (committed.kind === 'unreadable') return committed;
  const { event } = committed;
  const detail = JSON.stringify({ ...event, relayedat: relayedAt });
  return { kind: 'entry', entry: { type: event.type, detail }, event };
}

/** Splits entries, kept in order, into calls that PutEvents takes. */
export function batchesOf<T>(entries: readonly T[], entryOf: (from: T) => BusEntry): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const from of entries) {
    const { type, detail } = entryOf(from);
    const size = utf8Bytes(detail) + utf8Bytes(type) + ENTRY_OVERHEAD_BYTES;
    const batch = batches.at(-1);
    if (batch && batch.length < MAX_BATCH_ENTRIES && bytes + size <= MAX_BATCH_BYTES) {
      batch.push(from);
      bytes += size;
    } else {
      batches.push([from]);
      bytes = size;
    }
  }
  return batches;
}
