import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { itemReader, marshalKey, type Item } from '@outbox/function-kit';
import type { HeadMove, ItemKey } from '@outbox/outbox-rules';

/** How far an aggregate is: the one place that gives out its sequence numbers. It never expires. */
export interface OutboxHead {
  /** Sequence of the last event that was committed. */
  readonly lastSequence: number;
  /** Token of the commit that wrote it. */
  readonly lastCommit: string;
  /** ISO-8601. */
  readonly updatedAt: string;
  /** When its first event was committed, ISO-8601. */
  readonly beganAt?: string;
  /** Whom the aggregate belongs to, as its first commit said; opaque. */
  readonly owner?: string;
}

const HEAD_SK = 'HEAD';
const HEAD_ENTITY = 'OutboxHead';

/** Key of an aggregate's head, by the partition key of its events. */
export function outboxHeadKey(pk: string): ItemKey {
  return { pk, sk: HEAD_SK };
}

/** Whether an item of the table is a head; events lie beside it. */
export function isOutboxHead(item: Item): boolean {
  return item['entity']?.S === HEAD_ENTITY;
}

/** The attributes that a head is read from, to be asked for by a projection. */
export const OUTBOX_HEAD_ATTRIBUTES: readonly string[] = [
  'pk',
  'sk',
  'entity',
  'lastSequence',
  'lastCommit',
  'updatedAt',
  'beganAt',
];

/** What a commit leaves on the heads that it moves. */
export interface HeadStamp {
  readonly token: string;
  /** ISO-8601. */
  readonly updatedAt: string;
  /** Further attributes to be set, such as what makes requests idempotent. */
  readonly marks?: Item;
}

/**
 * The part of a transaction that moves a head on, if it stands where the writer believes it to. The refusal brings the
 * head with it.
 */
export function headUpdate(
  tableName: string,
  { pk, after, lastSequence, owner }: HeadMove,
  stamp: HeadStamp,
): TransactWriteItem {
  const own: Item = {
    entity: { S: HEAD_ENTITY },
    lastSequence: { N: String(lastSequence) },
    lastCommit: { S: stamp.token },
    updatedAt: { S: stamp.updatedAt },
    ...(after === 0 ? { beganAt: { S: stamp.updatedAt } } : {}),
    ...(owner === undefined ? {} : { owner: { S: owner } }),
  };
  const set = Object.entries({ ...stamp.marks, ...own });
  return {
    Update: {
      TableName: tableName,
      Key: marshalKey(outboxHeadKey(pk)),
      UpdateExpression: `SET ${set.map((_, index) => `#a${index} = :a${index}`).join(', ')}`,
      ConditionExpression: after === 0 ? 'attribute_not_exists(pk)' : 'lastSequence = :after',
      ExpressionAttributeNames: Object.fromEntries(set.map(([name], index) => [`#a${index}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([, value], index) => [`:a${index}`, value])),
        ...(after === 0 ? {} : { ':after': { N: String(after) } }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/**
 * Reads a head.
 * @throws CorruptItemError
 */
export function unmarshalHead(table: string, item: Item): OutboxHead {
  const read = itemReader(table, item);
  if (!isOutboxHead(item)) read.corrupt('entity');
  return {
    lastSequence: read.number('lastSequence'),
    lastCommit: read.text('lastCommit'),
    updatedAt: read.text('updatedAt'),
    ...read.optionalTexts('beganAt', 'owner'),
  };
}
