import type {
  Acknowledgement,
  Claim,
  Erasure,
  ItemKey,
  Rearmed,
  Release,
  StoredOutboxItem,
} from '@outbox/outbox-rules';
import { updateIf, type OutboxTable } from './outbox-table';

/** Of every change to an item that waits for its acknowledgement: it is there, it is this event, it still waits. */
const IS_UNPUBLISHED = 'attribute_exists(pk) AND id = :id AND attribute_exists(unpublishedShard)';

/** Nobody claimed the item since it was read. */
const IS_STILL_AS = `${IS_UNPUBLISHED} AND attempts = :seenAttempts AND dueAt = :seenDueAt`;

/** Marks an event as published. False: it is done already, or nothing is there to be marked; nothing was changed. */
export function writeAcknowledgement(
  table: OutboxTable,
  { pk, sk, id, publishedAt, expiresAt }: Acknowledgement,
): Promise<boolean> {
  return updateIf(
    table,
    { pk, sk },
    {
      UpdateExpression:
        'SET publishedAt = :publishedAt, expiresAt = :expiresAt REMOVE unpublishedShard, dueAt, lastError',
      ConditionExpression: IS_UNPUBLISHED,
      ExpressionAttributeValues: {
        ':id': { S: id },
        ':publishedAt': { S: publishedAt },
        ':expiresAt': { N: String(expiresAt) },
      },
    },
  );
}

/** Writes a claim made on `seen`, or gives the item up. False: it was acknowledged or claimed since it was read. */
export function writeClaim(table: OutboxTable, seen: StoredOutboxItem, claimed: Claim): Promise<boolean> {
  const values = {
    ':id': { S: seen.id },
    ':seenAttempts': { N: String(seen.attempts) },
    ':seenDueAt': { S: seen.dueAt ?? '' },
  };
  if (claimed.kind === 'publish') {
    return updateIf(table, seen, {
      UpdateExpression: 'SET attempts = :attempts, dueAt = :dueAt REMOVE lastError',
      ConditionExpression: IS_STILL_AS,
      ExpressionAttributeValues: {
        ...values,
        ':attempts': { N: String(claimed.attempts) },
        ':dueAt': { S: claimed.dueAt },
      },
    });
  }
  return updateIf(table, seen, {
    UpdateExpression: 'SET failedAt = :failedAt, failure = :failure REMOVE unpublishedShard, dueAt, lastError',
    ConditionExpression: IS_STILL_AS,
    ExpressionAttributeValues: {
      ...values,
      ':failedAt': { S: claimed.failedAt },
      ':failure': { S: claimed.failure },
    },
  });
}

/** Gives up an item that waits and can't be read, so that it is seen as failed. False: it waits no more. */
export function writeCorrupt(table: OutboxTable, key: ItemKey, failedAt: string, failure: string): Promise<boolean> {
  return updateIf(table, key, {
    UpdateExpression: 'SET failedAt = :failedAt, failure = :failure REMOVE unpublishedShard, dueAt',
    ConditionExpression: 'attribute_exists(unpublishedShard)',
    ExpressionAttributeValues: { ':failedAt': { S: failedAt }, ':failure': { S: failure } },
  });
}

/** Notes why the bus refused the attempt that was claimed, and releases the claim if told to. False: the item has moved on. */
export function writeRefusal(
  table: OutboxTable,
  { pk, sk, id }: StoredOutboxItem,
  attempts: number,
  error: string,
  released?: Release,
): Promise<boolean> {
  return updateIf(
    table,
    { pk, sk },
    {
      UpdateExpression: released
        ? 'SET lastError = :error, attempts = :attempts, dueAt = :dueAt'
        : 'SET lastError = :error',
      ConditionExpression: `${IS_UNPUBLISHED} AND attempts = :claimedAttempts`,
      ExpressionAttributeValues: {
        ':id': { S: id },
        ':claimedAttempts': { N: String(attempts) },
        ':error': { S: error },
        ...(released && { ':attempts': { N: String(released.attempts) }, ':dueAt': { S: released.dueAt } }),
      },
    },
  );
}

/**
 * Has the sweeper publish an event again, whatever was said of it. `only: 'failed'` leaves alone what isn't failed.
 * False: there is no such event, it isn't failed, or its content was erased.
 */
export function writeRearmed(
  table: OutboxTable,
  key: ItemKey,
  { unpublishedShard, dueAt, attempts }: Rearmed,
  { only }: { readonly only: 'failed' | 'existing' },
): Promise<boolean> {
  return updateIf(table, key, {
    UpdateExpression:
      'SET unpublishedShard = :shard, dueAt = :dueAt, attempts = :attempts ' +
      'REMOVE publishedAt, expiresAt, failedAt, failure, lastError',
    ConditionExpression: `${only === 'failed' ? 'attribute_exists(failedAt)' : 'attribute_exists(pk)'} AND attribute_not_exists(erasedAt)`,
    ExpressionAttributeValues: {
      ':shard': { S: unpublishedShard },
      ':dueAt': { S: dueAt },
      ':attempts': { N: String(attempts) },
    },
  });
}

/**
 * Puts `detail` in the place of an event's content, and removes the answer that lies beside it. False: the event waits to
 * be published again, or is gone; nothing was changed.
 */
export function writeErasure(
  table: OutboxTable,
  { pk, sk, id }: Pick<StoredOutboxItem, 'pk' | 'sk' | 'id'>,
  { detail, erasedAt }: Erasure,
): Promise<boolean> {
  return updateIf(
    table,
    { pk, sk },
    {
      UpdateExpression: 'SET detail = :detail, erasedAt = :erasedAt REMOVE answer',
      ConditionExpression: 'attribute_exists(pk) AND id = :id AND attribute_not_exists(unpublishedShard)',
      ExpressionAttributeValues: { ':id': { S: id }, ':detail': { S: detail }, ':erasedAt': { S: erasedAt } },
    },
  );
}
