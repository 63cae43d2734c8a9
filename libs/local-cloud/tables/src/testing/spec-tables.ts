import { randomUUID } from 'node:crypto';
import type { Json } from '../json';
import { Tables } from '../tables';

export const PLACE = { accountId: '000000000000', region: 'us-east-1' };

/** Tables for a spec, with a clock that it sets and a short way to call them. */
export function specTables(file = ':memory:') {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const tables = new Tables({ file, now: () => clock.now, random: Math.random, uuid: randomUUID });
  const call = (operation: string, body: Json): Json => tables.call(operation, body, PLACE);
  return { tables, clock, call };
}

/** A table with keys `pk` and `sk` (a number), an index `by-g` of keys only, and a stream. */
export const TABLE = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'g', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-g',
      KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

export function keyOf(pk: string, sk: number) {
  return { pk: { S: pk }, sk: { N: String(sk) } };
}
