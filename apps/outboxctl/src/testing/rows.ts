import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import { readSubject } from '@outbox/inbox-dynamodb';
import type { ConsumerOutput } from '../stack';
import { readOrderState, type OrderState } from '../tables';
import type { ConsumerSubject } from '../trace/timeline';

/** An item by its strings and numbers, written by hand: a spec says what lies in the table without the code's help. */
export type Row = Readonly<Record<string, string | number>>;

export function itemOf(row: Row): Item {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
}

export function rowOf(item: Item): Row {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, { S, N }]): [string, string | number][] =>
      S !== undefined ? [[name, S]] : N !== undefined ? [[name, Number(N)]] : [],
    ),
  );
}

/** What is read of an order's partition that holds these. */
export function orderState(rows: readonly Row[]): OrderState {
  return readOrderState('orders', rows.map(itemOf));
}

/** A consumer whose partition for the order holds these. */
export function consumerSubject(
  name: string,
  policy: ConsumerOutput['policy'],
  rows: readonly Row[],
  types?: string[],
): ConsumerSubject {
  const output = { queue_url: '', dlq_url: '', table_name: name, function_name: name, policy, event_types: types };
  return { name, output, subject: readSubject(name, rows.map(itemOf)) };
}
