import { GetItemCommand, TransactWriteItemsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { dynamoFailure, marshalKey, retryWithin, type Item, type RetryPolicy } from '@outbox/function-kit';
import type { OutboxItem } from '@outbox/outbox-rules';
import { outboxPut, readEvent } from '@outbox/outbox-dynamodb';
import { marshalOrder, orderKey, orderPk, readOrderSummary, unmarshalOrder, type OrderSummary } from './order-item';
import type { OrderRecord } from './order-record';

/** How a commit ended. `conflict`: another write of the same version won, maybe an earlier try of this very one. */
export type Committed =
  | { readonly kind: 'committed' }
  | { readonly kind: 'conflict' }
  /** DynamoDB stayed busy for as long as there was time, or did not answer. Nothing is known to be written. */
  | { readonly kind: 'busy'; readonly reason: string };

/** Orders and their events in one table. */
export interface OrderStore {
  /** The order as it is now; strongly consistent. */
  read(orderId: string): Promise<OrderRecord | undefined>;
  /** The event that made a version, while retention keeps it. */
  event(orderId: string, version: number): Promise<EventEnvelope | undefined>;
  /** Writes order and event together or not at all: G1. The order must be new (version 1) or at `version - 1`. */
  commit(record: OrderRecord, item: OutboxItem, budget: Pick<RetryPolicy, 'remainingMs'>): Promise<Committed>;
}

export interface OrderStoreOptions {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
}

/** Kept back of the invocation's time for reading and answering after the last try. */
const RESERVE_MS = 1_500;
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 1_000;

export function createOrderStore({ dynamodb, tableName, retry }: OrderStoreOptions): OrderStore {
  return {
    async read(orderId) {
      const item = await loadOrder({ dynamodb, tableName }, orderId);
      return item && unmarshalOrder(tableName, item);
    },

    event: (orderId, version) => readEvent(dynamodb, tableName, orderPk(orderId), version),

    async commit(record, item, budget) {
      const policy = { ...retry, ...budget, reserveMs: RESERVE_MS, baseMs: FIRST_WAIT_MS, capMs: LONGEST_WAIT_MS };
      const outcome = await retryWithin<Committed, string>(policy, async () => {
        try {
          await dynamodb.send(
            new TransactWriteItemsCommand({ TransactItems: [orderPut(tableName, record), outboxPut(tableName, item)] }),
          );
          return { kind: 'answer', value: { kind: 'committed' } };
        } catch (error) {
          const failure = dynamoFailure(error);
          if (failure.kind === 'fault' || failure.kind === 'invalid') throw error;
          if (failure.kind === 'condition') return { kind: 'answer', value: { kind: 'conflict' } };
          // The client has tried for seconds: another round of that could outlast the invocation.
          return failure.kind === 'unanswered'
            ? { kind: 'answer', value: { kind: 'busy', reason: failure.reason } }
            : { kind: 'again', reason: failure.reason };
        }
      });
      return outcome.kind === 'answer' ? outcome.value : { kind: 'busy', reason: outcome.reason };
    },
  };
}

/** Where orders lie. */
export type OrderTable = Pick<OrderStoreOptions, 'dynamodb' | 'tableName'>;

/**
 * An order's summary as it is now; strongly consistent.
 * @throws CorruptItemError
 */
export async function loadOrderSummary(table: OrderTable, orderId: string): Promise<OrderSummary | undefined> {
  const item = await loadOrder(table, orderId);
  return item && readOrderSummary(table.tableName, item);
}

async function loadOrder({ dynamodb, tableName }: OrderTable, orderId: string): Promise<Item | undefined> {
  const Key = marshalKey(orderKey(orderId));
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item;
}

function orderPut(tableName: string, record: OrderRecord) {
  const before = record.order.version - 1;
  return {
    Put: {
      TableName: tableName,
      Item: marshalOrder(record),
      ...(before === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :before',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':before': { N: String(before) } },
          }),
    },
  };
}
