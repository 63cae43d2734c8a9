import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshalKey, type Item } from '@outbox/function-kit';
import { contentOf, readRecordId } from './inbox-item';
import type { LayoutPorts } from './layout';
import { PENDING, readPending } from './pending-item';

/** An item of a consumer's table that holds something of an event's content. */
export interface ErasableRecord {
  readonly pk: string;
  readonly sk: string;
  /** The event that it is a record of; absent when none was completed. */
  readonly eventId?: string;
  /** Attributes that hold the effect's fields. */
  readonly attributes: readonly string[];
  /** Token of what is pending, whose last error is to go; absent when there is none. */
  readonly pendingToken?: string;
}

/**
 * What the items of a subject's partition hold of its events' content: the fields of effects, and what attempts failed
 * of. Nothing is written.
 * @throws CorruptItemError
 */
export function findErasableRecords(table: string, items: readonly Item[]): ErasableRecord[] {
  return items.flatMap((item) => {
    const attributes = contentOf(item);
    const pending = readPending(table, item);
    const pendingToken = pending?.lastError === undefined ? undefined : pending.token;
    if (attributes.length === 0 && pendingToken === undefined) return [];
    return [
      {
        pk: item['pk']?.S ?? '',
        sk: item['sk']?.S ?? '',
        ...(item['eventId'] === undefined ? {} : { eventId: readRecordId(table, item).eventId }),
        attributes,
        ...(pendingToken === undefined ? {} : { pendingToken }),
      },
    ];
  });
}

/**
 * Erases what an item holds of its event's content. What tells that the event was done stays, so that it is never done
 * again. False: another event took its place or the work on it went on since it was read; nothing was changed.
 */
export async function eraseRecord(
  { dynamodb, tableName }: LayoutPorts,
  { pk, sk, eventId, attributes, pendingToken }: ErasableRecord,
  erasedAt: string,
): Promise<boolean> {
  const places = attributes.map((_name, index) => `#a${index}`);
  const remove = [...places, ...(pendingToken === undefined ? [] : [`${PENDING}.lastError`])];
  const conditions = [
    ...(eventId === undefined ? ['attribute_not_exists(eventId)'] : ['eventId = :eventId']),
    ...(pendingToken === undefined ? [] : [`${PENDING}.#token = :token`]),
  ];
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: marshalKey({ pk, sk }),
        UpdateExpression: `SET erasedAt = :erasedAt REMOVE ${remove.join(', ')}`,
        ConditionExpression: `attribute_exists(pk) AND ${conditions.join(' AND ')}`,
        ExpressionAttributeNames: {
          ...Object.fromEntries(attributes.map((name, index) => [`#a${index}`, name])),
          ...(pendingToken === undefined ? {} : { '#token': 'token' }),
        },
        ExpressionAttributeValues: {
          ':erasedAt': { S: erasedAt },
          ...(eventId === undefined ? {} : { ':eventId': { S: eventId } }),
          ...(pendingToken === undefined ? {} : { ':token': { S: pendingToken } }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
