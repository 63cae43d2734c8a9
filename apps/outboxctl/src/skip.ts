import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadHead, writeSkip } from '@outbox/inbox-dynamodb';
import { loadOrderSummary, orderPk } from '@outbox/orders-dynamodb';
import { eventKey } from '@outbox/outbox-rules';
import { readItem } from '@outbox/outbox-dynamodb';
import { NotFoundError } from '@outbox/cli-kit';
import { subjectOf } from './subject';

/** A step over versions that an in-order consumer can't process, as it is written down beside the effects. */
export interface Skip {
  readonly orderId: string;
  /** The version the consumer stood at; 0 for an order it had never seen. */
  readonly from: number;
  /** The last version that is passed over. */
  readonly to: number;
  readonly reason: string;
  /** ARN of who did it. */
  readonly by: string;
  /** ISO-8601. */
  readonly at: string;
}

/** The consumer's head is where it was asked to go, or beyond, or moved while it was being moved. Exit code 1. */
export class SkipRefused extends Error {
  override readonly name = 'SkipRefused';
}

export interface SkipTables {
  readonly orders: string;
  readonly consumer: string;
}

/**
 * Moves an in-order consumer's head on to version `to`, so that `to + 1` is the next it applies; no effect of what lies
 * between will ever be made. Head and audit row are written together, on condition that the head has not moved.
 * @throws NotFoundError when the order has no such version; SkipRefused when the head is not before it; CorruptItemError
 */
export async function skip(
  dynamodb: DynamoDBClient,
  tables: SkipTables,
  { orderId, to, reason, by, at }: Omit<Skip, 'from'>,
): Promise<Skip> {
  const inbox = { dynamodb, tableName: tables.consumer };
  const [order, event, head] = await Promise.all([
    loadOrderSummary({ dynamodb, tableName: tables.orders }, orderId),
    readItem({ dynamodb, tableName: tables.orders }, { pk: orderPk(orderId), sk: eventKey(to) }),
    loadHead(inbox, subjectOf(orderId)),
  ]);
  if ((order?.version ?? 0) < to) throw new NotFoundError(`order ${orderId} has no version ${to}`);
  const from = head?.lastVersion ?? 0;
  if (from >= to) throw new SkipRefused(`the consumer is at version ${from} already: it only ever goes forward`);

  // A copy of the event that comes later is known by its id; retention may have taken it, and then no copy comes.
  const eventId = event?.id ?? `skipped-${to}`;
  if (!(await writeSkip(inbox, { subject: subjectOf(orderId), to, eventId, reason, by, at }, head))) {
    throw new SkipRefused(`the consumer's head moved meanwhile: look again with outboxctl trace ${orderId}`);
  }
  return { orderId, from, to, reason, by, at };
}
