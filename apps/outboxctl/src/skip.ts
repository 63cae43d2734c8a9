import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NotFoundError } from '@outbox/cli-kit';
import { loadHead as loadInboxHead, writeSkip } from '@outbox/inbox-dynamodb';
import { loadHead, readItem } from '@outbox/outbox-dynamodb';
import { eventKey } from '@outbox/outbox-rules';
import { formatAggregateId, type AggregateId } from './aggregate-id';
import { keyOfAggregate, subjectOf } from './aggregate-key';
import type { Stack } from './stack';

/** A step over events that an in-order consumer can't process, as it is written down beside the effects. */
export interface Skip {
  /** The event the consumer stood at; 0 for an aggregate it had never seen. */
  readonly from: number;
  /** The last event that is passed over. */
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

/**
 * Moves an in-order consumer's head on to event `to`, so that `to + 1` is the next it applies; no effect of what lies
 * between will ever be made. Head and audit row are written together, on condition that the head has not moved.
 * @throws NotFoundError when the aggregate has no such event; SkipRefused when the head is not before it; CorruptItemError
 */
export async function skip(
  dynamodb: DynamoDBClient,
  stack: Pick<Stack, 'outbox_table_name' | 'event_source'>,
  consumerTable: string,
  about: AggregateId,
  { to, reason, by, at }: Omit<Skip, 'from'>,
): Promise<Skip> {
  const outbox = { dynamodb, tableName: stack.outbox_table_name };
  const inbox = { dynamodb, tableName: consumerTable };
  const subject = subjectOf(stack, about);
  const name = formatAggregateId(about);
  const [committed, event, head] = await Promise.all([
    loadHead(outbox, { aggregate: { aggregateType: about.aggregate }, id: about.id }),
    readItem(outbox, { pk: keyOfAggregate(about), sk: eventKey(to) }),
    loadInboxHead(inbox, subject),
  ]);
  if ((committed?.head.lastSequence ?? 0) < to) throw new NotFoundError(`${name} has no event ${to}`);
  const from = head?.lastVersion ?? 0;
  if (from >= to) throw new SkipRefused(`the consumer is at event ${from} already: it only ever goes forward`);

  // A copy of the event that comes later is known by its id; retention may have taken it, and then no copy comes.
  const eventId = event?.id ?? `skipped-${to}`;
  if (!(await writeSkip(inbox, { subject, to, eventId, reason, by, at }, head))) {
    throw new SkipRefused(`the consumer's head moved meanwhile: look again with outboxctl trace ${name}`);
  }
  return { from, to, reason, by, at };
}
