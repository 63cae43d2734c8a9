import { ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CorruptItemError, type Item } from '@outbox/function-kit';
import type { Pending } from '@outbox/inbox-rules';
import { headKeyOf, missedKey, readMissed, readOptionalHead } from './inbox-item';
import { loadItem } from './inbox-reader';
import { PENDING, readPending } from './pending-item';
import { readSubjectKey, type Subject } from './subject';

/** Something that a consumer has not finished with a subject. */
export type Unfinished = { readonly subject: Subject } & (
  | { readonly kind: 'pending'; readonly pending: Pending }
  /** An in-order consumer looks for this version in vain, since then (milliseconds since the epoch). */
  | { readonly kind: 'missed'; readonly version: number; readonly since: number }
  | { readonly kind: 'corrupt'; readonly error: CorruptItemError }
);

/**
 * All that a consumer has begun and not completed, and what it misses, in no order. It scans the whole table: an operator's
 * question asked now and then, for which no index is kept that every event would pay for.
 */
export async function* scanUnfinished(table: {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}): AsyncGenerator<Unfinished> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await table.dynamodb.send(
      new ScanCommand({
        TableName: table.tableName,
        FilterExpression: `attribute_exists(${PENDING}) OR sk = :missed`,
        ExpressionAttributeValues: { ':missed': { S: missedKey('').sk } },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      const unfinished = await read(table, item);
      if (unfinished) yield unfinished;
    }
    start = page.LastEvaluatedKey;
  } while (start);
}

async function read(
  table: { readonly dynamodb: DynamoDBClient; readonly tableName: string },
  item: Item,
): Promise<Unfinished | undefined> {
  const { tableName } = table;
  const pk = item['pk']?.S ?? '';
  const subject = readSubjectKey(pk);
  if (!subject) return undefined;
  try {
    const pending = readPending(tableName, item);
    if (pending) return { subject, kind: 'pending', pending };
    const missed = readMissed(tableName, item);
    // The note outlives what it is about: the version may have come since.
    const head = await loadItem(table, headKeyOf(pk));
    const last = head && readOptionalHead(tableName, head)?.lastVersion;
    return (last ?? 0) >= missed.version ? undefined : { subject, kind: 'missed', ...missed };
  } catch (error) {
    if (error instanceof CorruptItemError) return { subject, kind: 'corrupt', error };
    throw error;
  }
}
