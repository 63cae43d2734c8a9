import { own } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { NO_RANGE, type ItemPosition } from '../storage/item-store';
import {
  keyAttributes,
  type IndexDefinition,
  type KeyAttribute,
  type Keys,
  type TableDefinition,
} from '../tables/definition';
import { typeOf, type AttributeValue, type Item } from '../values/attribute-value';
import { hashBytes, keyBytes } from '../values/key-bytes';
import { MAX_HASH_BYTES, MAX_RANGE_BYTES } from '../limits';

/** What names one item: its key's attributes, and where they put it. */
export interface ItemKey {
  readonly attributes: Item;
  readonly position: ItemPosition;
}

/** The key of a request's `Key`. @throws AwsError ValidationException unless it has the key's attributes and no others */
export function readKey(table: TableDefinition, key: Item): ItemKey {
  const attributes = keyAttributes(table.keys);
  const fits = attributes.every(({ name, type }) => {
    const value = own(key, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(key).length !== attributes.length) {
    throw validation('The provided key element does not match the schema');
  }
  return { attributes: key, position: positionOf(table.keys, key) };
}

/** The key of an item that is put. @throws AwsError ValidationException in AWS's words, as recorded in dynalite's tests */
export function keyOfItem(table: TableDefinition, item: Item): ItemKey {
  const attributes = keyAttributes(table.keys).map(({ name, type }): [string, AttributeValue] => {
    const value = own(item, name);
    if (value === undefined) {
      throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    }
    if (typeOf(value) !== type) {
      throw validation(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
      );
    }
    return [name, value];
  });
  return { attributes: Object.fromEntries(attributes), position: positionOf(table.keys, item) };
}

/** Where an item with these attributes lies. @throws AwsError ValidationException for an empty or too long value */
export function positionOf(keys: Keys, item: Item): ItemPosition {
  const hash = own(item, keys.hash.name);
  const range = keys.range && own(item, keys.range.name);
  if (!hash) throw new Error(`no value for the key ${keys.hash.name}`);
  for (const { name } of keyAttributes(keys)) checkNotEmpty(name, own(item, name));
  const position = { hash: hashBytes(hash), range: range ? keyBytes(range) : NO_RANGE };
  if (keyBytes(hash).length > MAX_HASH_BYTES) {
    throw validation(
      `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of${MAX_HASH_BYTES} bytes`,
    );
  }
  if (position.range.length > MAX_RANGE_BYTES) {
    throw validation(
      `One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of ${MAX_RANGE_BYTES} bytes`,
    );
  }
  return position;
}

/** The kind of emptiness a key can't have; undefined where there is something. */
function emptiness(value: AttributeValue | undefined): string | undefined {
  if (value && 'S' in value && value.S === '') return 'string';
  return value && 'B' in value && value.B === '' ? 'binary' : undefined;
}

export function checkNotEmpty(name: string, value: AttributeValue | undefined): void {
  const empty = emptiness(value);
  if (empty === undefined) return;
  throw validation(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
  );
}

/** @throws AwsError ValidationException where an item's value can't be the key of an index the table has */
export function checkIndexKeys(table: TableDefinition, item: Item): void {
  for (const index of table.indexes) {
    for (const attribute of keyAttributes(index.keys)) checkIndexKey(index, attribute, own(item, attribute.name));
  }
}

function checkIndexKey(index: IndexDefinition, { name, type }: KeyAttribute, value: AttributeValue | undefined): void {
  if (!value) return;
  if (typeOf(value) !== type) {
    throw validation(
      `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
    );
  }
  const empty = emptiness(value);
  if (empty === undefined) return;
  throw validation(
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${empty} value. IndexName: ${index.name}, IndexKey: ${name}`,
  );
}
