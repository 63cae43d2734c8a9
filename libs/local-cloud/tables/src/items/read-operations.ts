import { validation } from '../errors';
import type { Path } from '../expressions/ast';
import { Placeholders } from '../expressions/placeholders';
import { project, resolveProjection } from '../expressions/projection';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../json';
import type { ItemStore, StoredItem } from '../storage/item-store';
import type { TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { readItem } from '../values/read-value';
import { ConsumedCapacity } from './capacity';
import { readKey, type ItemKey } from './item-key';
import { attributesAt, checkNotMixed, required, type FindTable } from './request';
import { allOrCancelled, orReason, partsOf, successes } from './transactions';
import { checkOncePerItem } from './write-operations';
import { MAX_BATCH_BYTES, MAX_READ_BATCH } from '../limits';

/** Reads of items by their keys. */
export class ReadOperations {
  constructor(private readonly items: ItemStore) {}

  getItem(body: Json, find: FindTable): Json {
    const key = attributesAt(body, 'Key');
    const paths = projectionOf(body);
    const table = find(required(textAt(body, 'TableName'), 'tableName'));
    const found = this.items.get(table, readKey(table, key).position);
    const capacity = new ConsumedCapacity(body);
    capacity.read(table, undefined, found?.size ?? 0, body['ConsistentRead'] === true);
    return { ...(found ? { Item: shown(found, paths) } : {}), ...capacity.single() };
  }

  batchGetItem(body: Json, find: FindTable): Json {
    const reads = batchReads(body, find);
    const capacity = new ConsumedCapacity(body);
    const responses: Record<string, Item[]> = Object.fromEntries(reads.map(({ table }) => [table.name, []]));
    const unprocessed: Record<string, Json> = {};
    let bytes = 0;
    for (const { table, request, keys, paths } of reads) {
      const left: Item[] = [];
      for (const key of keys) {
        const found = bytes > MAX_BATCH_BYTES ? undefined : this.items.get(table, key.position);
        if (bytes > MAX_BATCH_BYTES) left.push(key.attributes);
        else capacity.read(table, undefined, found?.size ?? 0, request['ConsistentRead'] === true);
        if (!found) continue;
        bytes += found.size;
        responses[table.name]?.push(shown(found, paths));
      }
      if (left.length > 0) unprocessed[table.name] = { ...request, Keys: left };
    }
    return { Responses: responses, UnprocessedKeys: unprocessed, ...capacity.list() };
  }

  transactGetItems(body: Json, find: FindTable): Json {
    const prepared = partsOf(body).map((part) => {
      const get = objectAt(part, 'Get');
      if (!get) {
        throw validation('Invalid Request: TransactGetRequest should contain Get request');
      }
      return {
        name: required(textAt(get, 'TableName'), 'tableName'),
        key: attributesAt(get, 'Key'),
        paths: projectionOf(get),
      };
    });
    const reads = prepared
      .map(({ name, ...read }) => ({ table: find(name), ...read }))
      .map((read) => orReason(() => ({ ...read, key: readKey(read.table, read.key) })));
    checkOncePerItem(successes(reads), 'Transaction request cannot include multiple operations on one item');
    const capacity = new ConsumedCapacity(body, 2);
    const responses = allOrCancelled(reads).map(({ table, key, paths }) => {
      const found = this.items.get(table, key.position);
      capacity.read(table, undefined, found?.size ?? 0, true);
      return found ? { Item: shown(found, paths) } : {};
    });
    return { ...capacity.list(), Responses: responses };
  }
}

function shown({ item }: StoredItem, paths: readonly Path[] | undefined): Item {
  return paths ? project(item, paths) : item;
}

/** The places a read wants; undefined for all. @throws AwsError ValidationException */
export function projectionOf(body: Json): readonly Path[] | undefined {
  checkNotMixed(body);
  const text = textAt(body, 'ProjectionExpression');
  const placeholders = new Placeholders(body, { ProjectionExpression: text });
  const paths = text === undefined ? attributesToGet(body) : resolveProjection(text, placeholders);
  placeholders.checkAllUsed();
  return paths;
}

/** `AttributesToGet`, which names attributes of the item only. */
export function attributesToGet(body: Json): readonly Path[] | undefined {
  const names = body['AttributesToGet'];
  if (!Array.isArray(names)) return undefined;
  const texts = names.filter((name) => typeof name === 'string');
  if (new Set(texts).size < texts.length) {
    throw validation(
      `One or more parameter values were invalid: Duplicate value in attribute name: ${texts.join(', ')}`,
    );
  }
  return texts.map((name): Path => [name]);
}

interface BatchRead {
  readonly table: TableDefinition;
  readonly request: Json;
  readonly keys: readonly ItemKey[];
  readonly paths: readonly Path[] | undefined;
}

function batchReads(body: Json, find: FindTable): readonly BatchRead[] {
  const requests = Object.entries(objectAt(body, 'RequestItems') ?? {});
  if (requests.length === 0) throw validation('BatchGetItem must have some requests set');
  let count = 0;
  return requests.map(([name, given]) => {
    const request = isObject(given) ? given : {};
    const keys = objectsAt(request, 'Keys');
    if (keys.length === 0) {
      throw validation(`The list of keys in RequestItems for BatchGetItem is required: ${name} has empty list`);
    }
    count += keys.length;
    if (count > MAX_READ_BATCH) throw validation('Too many items requested for the BatchGetItem call');
    const paths = projectionOf(request);
    const read = keys.map((key) => readItem(key));
    const table = find(name);
    const itemKeys = read.map((key) => readKey(table, key));
    checkOncePerItem(
      itemKeys.map((key) => ({ table, key })),
      'Provided list of item keys contains duplicates',
    );
    return { table, request, keys: itemKeys, paths };
  });
}
