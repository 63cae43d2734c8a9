import { recogniseEvent, type EventEnvelope, type EventOf, type ReadableEventType } from '@outbox/outbox-envelope';

/** An event as consumers get it. */
export type ConsumedEvent = EventEnvelope;

/** What a reader makes of a `detail`. */
export type Recognised<E extends ConsumedEvent> =
  | { readonly kind: 'known'; readonly event: E }
  | { readonly kind: 'unknown-type' | 'unknown-version'; readonly event: ConsumedEvent }
  | { readonly kind: 'malformed'; readonly detail: string };

/** Reads a `detail`; total: whatever it is given, it returns what became of it. */
export type Recognise<E extends ConsumedEvent> = (detail: unknown) => Recognised<E>;

/** A reader of the event types that a consumer has an effect for; all others are unknown to it. */
export function recogniserOf<E extends ReadableEventType>(eventTypes: readonly E[]): Recognise<EventOf<E>> {
  return (detail) => recogniseEvent(eventTypes, detail);
}
