import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { itemReader, marshalKey } from '@outbox/function-kit';
import { aggregateKey, eventKey } from '@outbox/outbox-rules';
import type { AggregateRef } from './outbox-reader';
import type { OutboxTable } from './outbox-table';

/** Where an event is on its way. One that the sweeper gave up is `waiting`: an operator has it tried again. */
export type Publication =
  | { readonly kind: 'waiting' }
  /** `at`: when it was seen to come off the bus, ISO-8601. */
  | { readonly kind: 'published'; readonly at: string }
  /** Retention removed it, or it never was committed. */
  | { readonly kind: 'absent' };

/**
 * Whether an event has come off the bus, strongly consistent; reads the event's item and no more of it than that.
 * @throws CorruptItemError
 */
export async function readPublication(
  { dynamodb, tableName }: OutboxTable,
  { aggregate, id }: AggregateRef,
  sequence: number,
): Promise<Publication> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: marshalKey({ pk: aggregateKey(aggregate.aggregateType, id), sk: eventKey(sequence) }),
      ProjectionExpression: 'pk, sk, unpublishedShard, publishedAt, failedAt',
      ConsistentRead: true,
    }),
  );
  if (!Item) return { kind: 'absent' };
  if (Item['unpublishedShard'] || Item['failedAt']) return { kind: 'waiting' };
  return { kind: 'published', at: itemReader(tableName, Item).text('publishedAt') };
}
