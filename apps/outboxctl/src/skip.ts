import {
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { HEAD_KEY } from '@outbox/inbox-store';
import { eventKey } from '@outbox/outbox-rules';
import { NotFoundError } from './errors';
import { orderKey } from './tables';

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
 * @throws NotFoundError when the order has no such version; SkipRefused when the head is not before it
 */
export async function skip(
  dynamodb: DynamoDBClient,
  tables: SkipTables,
  { orderId, to, reason, by, at }: Omit<Skip, 'from'>,
): Promise<Skip> {
  const [order, event, head] = await Promise.all([
    read(dynamodb, tables.orders, orderKey(orderId), 'ORDER'),
    read(dynamodb, tables.orders, orderKey(orderId), eventKey(to)),
    read(dynamodb, tables.consumer, orderId, HEAD_KEY),
  ]);
  if (Number(order?.['version']?.N ?? 0) < to) throw new NotFoundError(`order ${orderId} has no version ${to}`);
  const from = Number(head?.['lastVersion']?.N ?? 0);
  if (from >= to) throw new SkipRefused(`the consumer is at version ${from} already: it only ever goes forward`);

  const done: Skip = { orderId, from, to, reason, by, at };
  // A copy of the event that comes later is known by its id; retention may have taken it, and then no copy comes.
  const eventId = event?.['id']?.S ?? `skipped-${to}`;
  try {
    await dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [moveHead(tables.consumer, done, eventId), auditRow(tables.consumer, done)],
      }),
    );
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    throw new SkipRefused(`the consumer's head moved meanwhile: look again with outboxctl trace ${orderId}`, {
      cause: error,
    });
  }
  return done;
}

function moveHead(table: string, { orderId, from, to, at }: Skip, eventId: string): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: { pk: { S: orderId }, sk: { S: HEAD_KEY } },
      UpdateExpression: 'SET lastVersion = :to, lastEventId = :eventId, updatedAt = :at',
      ConditionExpression: from === 0 ? 'attribute_not_exists(pk)' : 'lastVersion = :from',
      ExpressionAttributeValues: {
        ':to': { N: String(to) },
        ':eventId': { S: eventId },
        ':at': { S: at },
        ...(from === 0 ? {} : { ':from': { N: String(from) } }),
      },
    },
  };
}

function auditRow(table: string, { orderId, from, to, reason, by, at }: Skip): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: {
        pk: { S: orderId },
        sk: { S: `SKIP#${String(to).padStart(10, '0')}` },
        from: { N: String(from) },
        to: { N: String(to) },
        reason: { S: reason },
        by: { S: by },
        at: { S: at },
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

async function read(
  dynamodb: DynamoDBClient,
  table: string,
  pk: string,
  sk: string,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  return Item;
}
