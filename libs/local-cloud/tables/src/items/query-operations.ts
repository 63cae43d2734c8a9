import { own } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import type { Condition, Path } from '../expressions/ast';
import { isMet } from '../expressions/evaluate';
import { readKeyCondition, type KeyCondition } from '../expressions/key-condition';
import { legacyCondition } from '../expressions/legacy';
import { namesIn } from '../expressions/names';
import { Placeholders } from '../expressions/placeholders';
import { project, resolveProjection } from '../expressions/projection';
import { resolveCondition } from '../expressions/resolve-condition';
import { numberAt, textAt, type Json } from '../json';
import type { Database } from '../storage/database';
import { readItems, type Bound, type Selection } from '../storage/item-reader';
import { keyAttributes, type IndexDefinition, type Keys, type TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { equalValues } from '../values/compare';
import { hashBytes, keyBytes } from '../values/key-bytes';
import { sizeOfItem } from '../values/size';
import { ConsumedCapacity, projected } from './capacity';
import { positionKey, readStartKey, type StartKey } from './exclusive-start';
import { attributesToGet } from './read-operations';
import { checkNotMixed, required, type FindTable } from './request';
import { liesIn, readSegment } from './segment';
import { readSelect, selectedPaths, type Select } from './select';
import { MAX_PAGE_BYTES } from '../limits';

/** What a query and a scan have in common, as read from the request. */
interface Reading {
  readonly filter: Condition | undefined;
  readonly paths: readonly Path[] | undefined;
  readonly keys: Condition | undefined;
}

/** Reads of many items, page by page. */
export class QueryOperations {
  constructor(private readonly db: Database) {}

  query(body: Json, find: FindTable): Json {
    checkLimit(body);
    const reading = readExpressions(body, 'QueryFilter');
    if (!reading.keys) {
      throw validation(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    const { table, index } = target(body, find);
    const keys = index?.keys ?? table.keys;
    const condition = readKeyCondition(reading.keys, keys);
    const filtered = new Set(reading.filter && namesIn(reading.filter));
    checkFilter(filtered, keys);
    const select = readSelect(body, table, index, reading.paths, filtered);
    const start = readStartKey(body, table, index);
    if (start) checkStart(start, condition, index?.keys ?? table.keys);
    const selection: Selection = {
      table,
      index,
      hash: hashBytes(condition.hash),
      ...(condition.lower ? { lower: condition.lower } : {}),
      ...(condition.upper ? { upper: condition.upper } : {}),
      ...(start?.after ? { after: start.after } : {}),
      isForward: body['ScanIndexForward'] !== false,
    };
    return this.#page(body, selection, reading, select);
  }

  scan(body: Json, find: FindTable): Json {
    checkLimit(body);
    const segment = readSegment(body);
    const reading = readExpressions(body, 'ScanFilter');
    const { table, index } = target(body, find);
    const select = readSelect(body, table, index, reading.paths);
    const start = readStartKey(body, table, index);
    const selection: Selection = {
      table,
      index,
      ...segment,
      ...(start?.after ? { after: start.after } : {}),
      isForward: true,
    };
    if (start?.after && !liesIn(start.after, segment)) {
      throw validation(
        'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.',
      );
    }
    return this.#page(body, selection, reading, select);
  }

  #page(body: Json, selection: Selection, { filter, paths }: Reading, select: Select): Json {
    const { table, index } = selection;
    const limit = numberAt(body, 'Limit') ?? Infinity;
    const shownPaths = selectedPaths(select, paths);
    const items: Json[] = [];
    let [scanned, matching, bytes] = [0, 0, 0];
    let last: Json | undefined;
    for (const { item: whole, size } of readItems(this.db, selection)) {
      const item = visible(table, index, whole);
      scanned += 1;
      bytes += index ? sizeOfItem(item) : size;
      if (!filter || isMet(filter, item)) {
        matching += 1;
        if (select !== 'COUNT')
          items.push(shownPaths ? project(item, shownPaths) : shownOf(table, index, select, item));
      }
      if (scanned < limit && bytes <= MAX_PAGE_BYTES) continue;
      last = positionKey(table, index, whole);
      break;
    }
    const capacity = new ConsumedCapacity(body);
    capacity.read(table, index, bytes, body['ConsistentRead'] === true);
    return {
      ...(select === 'COUNT' ? {} : { Items: items }),
      Count: matching,
      ScannedCount: scanned,
      ...(last ? { LastEvaluatedKey: last } : {}),
      ...capacity.single(),
    };
  }
}

/** What a read of an index can see: a local one fetches from the table what it doesn't hold. */
function visible(table: TableDefinition, index: IndexDefinition | undefined, item: Item): Item {
  return index?.isGlobal ? projected(table, index, item) : item;
}

function shownOf(table: TableDefinition, index: IndexDefinition | undefined, select: Select, item: Item): Item {
  return index && select === 'ALL_PROJECTED_ATTRIBUTES' ? projected(table, index, item) : item;
}

function readExpressions(body: Json, legacyFilter: 'QueryFilter' | 'ScanFilter'): Reading {
  checkNotMixed(body);
  const isQuery = legacyFilter === 'QueryFilter';
  const texts = {
    FilterExpression: textAt(body, 'FilterExpression'),
    ProjectionExpression: textAt(body, 'ProjectionExpression'),
    ...(isQuery ? { KeyConditionExpression: textAt(body, 'KeyConditionExpression') } : {}),
  };
  const placeholders = new Placeholders(body, texts);
  const {
    FilterExpression: filterText,
    ProjectionExpression: projectionText,
    KeyConditionExpression: keysText,
  } = texts;
  const filter =
    filterText === undefined
      ? legacyCondition(body, legacyFilter)
      : resolveCondition('FilterExpression', filterText, placeholders);
  const paths = projectionText === undefined ? attributesToGet(body) : resolveProjection(projectionText, placeholders);
  const keys =
    keysText === undefined
      ? legacyCondition(body, 'KeyConditions')
      : resolveCondition('KeyConditionExpression', keysText, placeholders);
  placeholders.checkAllUsed();
  return { filter, paths, keys };
}

function target(
  body: Json,
  find: FindTable,
): { readonly table: TableDefinition; readonly index: IndexDefinition | undefined } {
  const table = find(required(textAt(body, 'TableName'), 'tableName'));
  const name = textAt(body, 'IndexName');
  const index = name === undefined ? undefined : table.indexes.find((known) => known.name === name);
  if (name !== undefined && !index) throw validation(`The table does not have the specified index: ${name}`);
  if (index?.isGlobal && body['ConsistentRead'] === true) {
    throw validation('Consistent reads are not supported on global secondary indexes');
  }
  return { table, index };
}

function checkLimit(body: Json): void {
  const limit = numberAt(body, 'Limit');
  if (limit === undefined || limit >= 1) return;
  throw validation(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

/** A query's keys are asked for in its key condition only. */
function checkFilter(filtered: ReadonlySet<string>, keys: Keys): void {
  for (const { name } of keyAttributes(keys)) {
    if (!filtered.has(name)) continue;
    throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }
}

/** A start key outside of what is queried would skip what the caller asked for. */
function checkStart({ key }: StartKey, condition: KeyCondition, keys: Keys): void {
  const hash = own(key, keys.hash.name);
  if (!hash || !equalValues(hash, condition.hash)) {
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
  const range = keys.range && own(key, keys.range.name);
  if (!range) return;
  const bytes = keyBytes(range);
  if (isWithin(bytes, condition.lower, 1) && isWithin(bytes, condition.upper, -1)) return;
  throw validation('The provided starting key does not match the range key predicate');
}

/** Whether the bytes are on the right side of a bound: above it for 1, below it for -1. */
function isWithin(bytes: Buffer, bound: Bound | undefined, side: 1 | -1): boolean {
  if (!bound) return true;
  const order = Buffer.compare(bytes, bound.bytes) * side;
  return bound.isInclusive ? order >= 0 : order > 0;
}
