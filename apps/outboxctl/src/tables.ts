import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as it lies in a table, unmarshalled: strings and numbers only matter to an operator. */
export type Row = Readonly<Record<string, unknown>>;

/** What was read of DynamoDB; grows while a command runs. */
export interface ReadCount {
  items: number;
  /** Read capacity units, as DynamoDB reports them. */
  capacityUnits: number;
}

const ORDER_PREFIX = 'ORDER#';
const EVENT_PREFIX = 'EVENT#';

/** Partition key of an order and its outbox items. */
export function orderKey(orderId: string): string {
  return ORDER_PREFIX + orderId;
}

/** The order id of a row of the orders table. */
export function orderIdOf(row: { readonly pk?: unknown }): string {
  return String(row['pk']).slice(ORDER_PREFIX.length);
}

/** Whether a row belongs to an order; the table holds the sweeper's state besides. */
export function isOfOrder(row: Row): boolean {
  return String(row['pk']).startsWith(ORDER_PREFIX);
}

export function isOrder(row: Row): boolean {
  return row['sk'] === 'ORDER';
}

export function isOutboxItem(row: Row): boolean {
  return row['entity'] === 'OutboxEvent';
}

/** The version an outbox item's sort key carries. */
export function versionOf(outboxItem: Row): number {
  return Number(String(outboxItem['sk']).slice(EVENT_PREFIX.length));
}

/** The head of an `in-order` or `latest` consumer for one order. */
export function inboxHead(rows: readonly Row[]): Row | undefined {
  return rows.find((row) => row['sk'] === 'INBOX');
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Strings and numbers of an item; nested attributes are left out. */
export function scalars(item: Readonly<Record<string, AttributeValue>>): Row {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]): [string, unknown][] =>
      value.S !== undefined ? [[name, value.S]] : value.N !== undefined ? [[name, Number(value.N)]] : [],
    ),
  );
}
