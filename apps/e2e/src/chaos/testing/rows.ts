import type { CommittedEvent } from '../committed-event';
import type { Row } from '../rows';

const padded = (version: number): string => String(version).padStart(10, '0');

/** A head of the outbox. */
export const outboxHead = (lastSequence: number): Row => ({ sk: 'HEAD', entity: 'OutboxHead', lastSequence });

/** The item of an event of order `o`, or of its shipment, in the outbox table. */
export function outboxEvent(
  event: Partial<CommittedEvent> & Pick<CommittedEvent, 'version'>,
  more: Row = {},
  aggregate = 'order',
): Row {
  const { id, type, version, causationId, correlationId, data } = committed(event);
  const detail = {
    id,
    type,
    sequence: String(version),
    aggregatetype: aggregate,
    subject: 'o',
    partitionkey: `${aggregate}#o`,
    causationid: causationId,
    correlationid: correlationId,
    data,
  };
  return {
    sk: `EVENT#${padded(version)}`,
    entity: 'OutboxEvent',
    id,
    type,
    attempts: 0,
    detail: JSON.stringify(detail),
    ...more,
  };
}

/** An event of order `o`: placed as the first, confirmed as any later one. */
export function committed(event: Partial<CommittedEvent> & Pick<CommittedEvent, 'version'>): CommittedEvent {
  const { version } = event;
  return {
    id: `e-${version}`,
    type: version === 1 ? 'OrderCreated' : 'OrderUpdated',
    data: orderAt(version),
    ...event,
  };
}

/** What the events of order `o` carry. */
export function orderAt(version: number, more: Readonly<Record<string, unknown>> = {}) {
  const status = version === 1 ? 'PLACED' : 'CONFIRMED';
  return {
    orderId: 'o',
    status,
    version,
    items: ['sku-1'],
    ...(version === 1 ? {} : { changed: ['status'] }),
    ...more,
  };
}

/** A consumer's record of an event. */
export const effect = (version: number, more: Row = {}): Row => ({
  sk: `EFFECT#${padded(version)}`,
  eventId: `e-${version}`,
  version,
  appliedAt: `2026-01-01T00:00:0${version}.000Z`,
  ...more,
});

/** A consumer's head. */
export const inboxHead = (version: number, more: Row = {}): Row => ({
  sk: 'INBOX',
  lastVersion: version,
  lastEventId: `e-${version}`,
  ...more,
});
