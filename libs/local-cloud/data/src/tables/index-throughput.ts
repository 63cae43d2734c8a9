import { isObject, objectAt, objectsAt, textAt, without, type Json } from '../proxy/json';
import { indexNotFound } from './errors';
import { limitsAfter } from './on-demand-limits';

/** On-demand limits of a table's global indexes by their names, as they were given: no engine keeps them. */
export type IndexThroughput = Readonly<Record<string, Json>>;

const LIMIT = 'OnDemandThroughput';

/** The limits after a request that makes or changes the table. */
export function indexThroughput(body: Json, before: IndexThroughput = {}): IndexThroughput {
  const updates = objectsAt(body, 'GlobalSecondaryIndexUpdates');
  const gone = new Set(updates.map((update) => textAt(objectAt(update, 'Delete'), 'IndexName')));
  const kept = Object.entries(before).filter(([name]) => !gone.has(name));
  const made = [...objectsAt(body, 'GlobalSecondaryIndexes'), ...updates.map((update) => objectAt(update, 'Create'))];
  const changed = updates.map((update) => objectAt(update, 'Update'));
  const given = [
    ...made.map((index) => limitOf(index)),
    ...changed.map((index) => limitOf(index, before[textAt(index, 'IndexName')] ?? {})),
  ];
  const limits = new Map(kept);
  for (const [name, limit] of given.flat()) {
    if (limit) limits.set(name, limit);
    else limits.delete(name);
  }
  return Object.fromEntries(limits);
}

/** Whether a request speaks of any limit. */
export function speaksOfLimits(body: Json): boolean {
  const updates = objectsAt(body, 'GlobalSecondaryIndexUpdates');
  const indexes = updates.flatMap((update) => [objectAt(update, 'Create'), objectAt(update, 'Update')]);
  return indexes.some((index) => isObject(index[LIMIT]) && Object.keys(index[LIMIT]).length > 0);
}

function limitOf(index: Json, before?: Json): readonly (readonly [string, Json | undefined])[] {
  const limit = index[LIMIT];
  const name = textAt(index, 'IndexName');
  return isObject(limit) ? [[name, limitsAfter(limit, `index ${name}`, before)]] : [];
}

/**
 * The request without the limits, as an engine takes it: an index of which nothing else changes isn't an engine's matter.
 *
 * @param table the description of the table that is changed
 * @throws AwsError ResourceNotFoundException for a limit of an index that the table doesn't have
 */
export function withoutIndexThroughput(body: Json, table: Json = {}): Json {
  const updates = objectsAt(body, 'GlobalSecondaryIndexUpdates').map((update) => withoutLimits(update, table));
  const left = updates.filter((update) => Object.keys(update).length > 0);
  return {
    ...without(body, 'GlobalSecondaryIndexUpdates'),
    ...('GlobalSecondaryIndexes' in body
      ? { GlobalSecondaryIndexes: objectsAt(body, 'GlobalSecondaryIndexes').map((index) => without(index, LIMIT)) }
      : {}),
    ...(left.length > 0 ? { GlobalSecondaryIndexUpdates: left } : {}),
  };
}

function withoutLimits(update: Json, table: Json): Json {
  const change = objectAt(update, 'Update');
  if (!isObject(change[LIMIT])) {
    return 'Create' in update ? { ...update, Create: without(objectAt(update, 'Create'), LIMIT) } : update;
  }
  const name = textAt(change, 'IndexName');
  const indexes = objectsAt(table, 'GlobalSecondaryIndexes');
  if (!indexes.some((index) => index['IndexName'] === name)) throw indexNotFound(name, textAt(table, 'TableName'));
  const others = without(change, LIMIT);
  return Object.keys(others).length > 1 ? { ...update, Update: others } : without(update, 'Update');
}
