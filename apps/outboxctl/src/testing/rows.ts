import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '@outbox/function-kit';
import type { ConsumerOutput } from '../stack';
import { readAggregateState, readConsumerSubject, type AggregateState, type ConsumerSubject } from '../tables';

/** An item by its strings, numbers and maps, written by hand: a spec says what lies in the table without the code's help. */
export interface Row {
  readonly [name: string]: string | number | Row;
}

export function itemOf(row: Row): Item {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, AttributeValue] => [name, attributeOf(value)]),
  );
}

function attributeOf(value: string | number | Row): AttributeValue {
  if (typeof value === 'object') return { M: itemOf(value) };
  return typeof value === 'number' ? { N: String(value) } : { S: value };
}

export function rowOf(item: Item): Row {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, { S, N }]): [string, string | number][] =>
      S !== undefined ? [[name, S]] : N !== undefined ? [[name, Number(N)]] : [],
    ),
  );
}

/** What is read of an aggregate's partition that holds these. */
export function aggregateState(rows: readonly Row[]): AggregateState {
  return readAggregateState('outbox', rows.map(itemOf));
}

/** The head of parcel `p-1` at a sequence. */
export function headRow(lastSequence: number): Row {
  return { pk: 'parcel#p-1', sk: 'HEAD', entity: 'OutboxHead', lastSequence, lastCommit: 'token', updatedAt: 'then' };
}

/** The first event of parcel `p-1`. */
export const event1 = {
  pk: 'parcel#p-1',
  sk: 'EVENT#0000000001',
  entity: 'OutboxEvent',
  id: 'e-1',
  type: 'ParcelRegistered',
};

/** The same, given up by the sweeper. */
export const failed = {
  ...event1,
  committedAt: '2026-01-01T00:00:00.000Z',
  attempts: 10,
  detail: '{}',
  failedAt: '2026-01-01T20:00:00.000Z',
  failure: 'published 10 times, never acknowledged',
};

/** A consumer of parcels, of all their events or of some types, whose partition holds these. */
export function consumerSubject(
  name: string,
  policy: ConsumerOutput['policy'],
  rows: readonly Row[],
  types: string[] = [],
): ConsumerSubject {
  const on = { parcel: types };
  const output = { queue_url: '', dlq_url: '', table_name: name, function_name: name, policy, on };
  return readConsumerSubject(name, output, rows.map(itemOf));
}
