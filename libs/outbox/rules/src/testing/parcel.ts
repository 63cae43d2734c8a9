import { defineAggregate, type EventDraft } from '@outbox/outbox-envelope';
import * as z from 'zod/mini';
import { append, type AppendPolicy } from '../append';
import type { OutboxItem } from '../outbox-item';

/** An aggregate for specs: its events carry anything. */
export const parcel = defineAggregate('parcel', {
  events: { Registered: { v1: z.unknown() }, Moved: { v1: z.unknown() } },
});

export const policy: AppendPolicy = { source: 'parcels', thresholdMs: 60_000 };

/** The items of events committed at `now` (milliseconds) after `after`; their ids are `<id>-<sequence>` unless given. */
export function appendedItems(
  id: string,
  after: number,
  events: readonly EventDraft[],
  now: number,
  eventId = (sequence: number) => `${id}-${sequence}`,
): readonly OutboxItem[] {
  const stamp = { now, eventId: (index: number) => eventId(after + index + 1) };
  const appended = append({ aggregate: parcel, id, after, events }, {}, stamp, policy);
  if (appended.kind === 'refused') throw new Error(appended.detail);
  return appended.items;
}
