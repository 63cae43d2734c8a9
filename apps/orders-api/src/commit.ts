import { principalOf, withoutRepeats, type HttpRequest } from '@outbox/function-kit';
import type { OrderEvent } from '@outbox/orders-events';
import type { EventOrigin } from '@outbox/orders-domain';
import { orderPk, type Committed, type OrderRecord } from '@outbox/orders-dynamodb';
import { append } from '@outbox/outbox-rules';
import type { Ports } from './ports';

/** W3C Trace Context: version ff and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Ties an event to its request: whose it is, and the trace context the caller sent. Where that is missing, invalid or
 * ambiguous, a trace starts here: tracing never refuses a request. Source: W3C Trace Context, 3.2 and 4.3.
 */
export function originOf({ ids, random }: Ports, request: HttpRequest): EventOrigin {
  const sent = withoutRepeats(request.headerList('traceparent') ?? '');
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return {
    eventId: ids.next(),
    correlationId: request.requestId,
    owner: principalOf(request).id,
    traceparent: TRACEPARENT.test(sent) ? sent : `00-${hex(16)}-${hex(8)}-01`,
  };
}

/**
 * The event of a version lies there, and its order hasn't got that far: a restore took half of a transaction. No request
 * can go on from there; `outboxctl reconcile` lists the event as orphaned.
 */
export class EventInTheWay extends Error {
  override readonly name = 'EventInTheWay';

  constructor(orderId: string, version: number) {
    super(`order ${orderId} is not at version ${version}, whose event is in the outbox`);
  }
}

export type CommitOutcome = Committed | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number };

/** Order and event, written together; refused before the write when the event would be undeliverable. */
export async function commit(
  ports: Ports,
  request: HttpRequest,
  record: OrderRecord,
  event: OrderEvent,
): Promise<CommitOutcome> {
  const appended = append(orderPk(record.order.orderId), event, ports.config);
  if (appended.kind === 'too-large') return appended;
  return ports.store.commit(record, appended.item, request);
}
