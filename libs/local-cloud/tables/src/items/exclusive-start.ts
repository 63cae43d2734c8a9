import { own } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { objectAt, type Json } from '../json';
import { indexPosition } from '../storage/item-store';
import type { Selection } from '../storage/item-reader';
import { positionAttributes, type IndexDefinition, type TableDefinition } from '../tables/definition';
import { typeOf, type AttributeValue, type Item } from '../values/attribute-value';
import { readItem } from '../values/read-value';
import { positionOf } from './item-key';

/** Where a query or scan goes on: `ExclusiveStartKey`. */
export interface StartKey {
  readonly key: Item;
  readonly after: Selection['after'];
}

/** @throws AwsError ValidationException unless it is a whole position in what is read */
export function readStartKey(
  body: Json,
  table: TableDefinition,
  index: IndexDefinition | undefined,
): StartKey | undefined {
  const given = objectAt(body, 'ExclusiveStartKey');
  if (!given) return undefined;
  const key = readItem(given);
  const attributes = positionAttributes(table, index);
  const fits = attributes.every(({ name, type }) => {
    const value = own(key, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(key).length !== attributes.length) {
    throw validation('The provided starting key is invalid: The provided key element does not match the schema');
  }
  const inIndex = index && indexPosition(key, index);
  return { key, after: { inTable: positionOf(table.keys, key), ...(inIndex ? { inIndex } : {}) } };
}

/** An item's position in what is read: `LastEvaluatedKey`. */
export function positionKey(table: TableDefinition, index: IndexDefinition | undefined, item: Item): Item {
  const entries = positionAttributes(table, index).flatMap(({ name }): [string, AttributeValue][] => {
    const value = own(item, name);
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(entries);
}
