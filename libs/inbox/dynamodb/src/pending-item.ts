import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isoTime, itemReader, marshalPlain, type Item } from '@outbox/function-kit';
import type { DeadLetterReason, Pending } from '@outbox/inbox-rules';

/**
 * The attribute that holds what was begun and isn't completed: of a record's item under `once`, else of the head's. Apart
 * from the item's other attributes, since those of a head are about the event before.
 */
export const PENDING = 'pending';

/** The map of something pending. */
export function marshalPending({ firstAttemptAt, leaseUntil, retryAt, ...pending }: Pending): AttributeValue {
  return {
    M: marshalPlain({
      ...pending,
      firstAttemptAt: isoTime(firstAttemptAt),
      leaseUntil: leaseUntil === undefined ? undefined : isoTime(leaseUntil),
      retryAt: retryAt === undefined ? undefined : isoTime(retryAt),
    }),
  };
}

/** What an item holds as pending, if anything. @throws CorruptItemError */
export function readPending(table: string, item: Item): Pending | undefined {
  if (item[PENDING] === undefined) return undefined;
  const read = itemReader(table, item).map(PENDING);
  const { leaseUntil, retryAt, lastError, reason, messageId } = read.optionalTexts(
    'leaseUntil',
    'retryAt',
    'lastError',
    'reason',
    'messageId',
  );
  const status = STATUSES.find((word) => word === read.text('status')) ?? read.corrupt('status');
  return {
    eventId: read.text('eventId'),
    type: read.text('type'),
    version: read.number('version'),
    status,
    attempts: read.number('attempts'),
    firstAttemptAt: Date.parse(read.text('firstAttemptAt')),
    token: read.text('token'),
    ...(leaseUntil === undefined ? {} : { leaseUntil: Date.parse(leaseUntil) }),
    ...(retryAt === undefined ? {} : { retryAt: Date.parse(retryAt) }),
    ...(lastError === undefined ? {} : { lastError }),
    // An operator's tool may name others than this version knows.
    ...(reason === undefined ? {} : { reason: reason as DeadLetterReason }),
    ...(messageId === undefined ? {} : { messageId }),
  };
}

const STATUSES = ['claimed', 'retrying', 'dead-lettered'] as const satisfies readonly Pending['status'][];
