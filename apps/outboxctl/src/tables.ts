import type { Item } from '@outbox/function-kit';
import { isOrder, readOrderSummary, type OrderSummary } from '@outbox/orders-dynamodb';
import { isOutboxItem, readOutboxSummary, type OutboxSummary } from '@outbox/outbox-dynamodb';

/** What was read of DynamoDB; grows while a command runs. */
export interface ReadCount {
  items: number;
  /** Read capacity units, as DynamoDB reports them. */
  capacityUnits: number;
}

/** What the orders table holds of one order. */
export interface OrderState {
  /** Absent when there are events of an order that isn't there. */
  readonly order?: OrderSummary;
  readonly events: readonly OutboxSummary[];
}

/**
 * What the items of an order's partition say.
 * @throws CorruptItemError
 */
export function readOrderState(table: string, items: readonly Item[]): OrderState {
  const order = items.find(isOrder);
  return {
    ...(order ? { order: readOrderSummary(table, order) } : {}),
    events: items.filter(isOutboxItem).map((item) => readOutboxSummary(table, item)),
  };
}
