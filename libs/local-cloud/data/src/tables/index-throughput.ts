import { isObject, objectAt, objectsAt, textAt, without, type Json } from '../proxy/json';
import { indexNotFound } from './errors';

/** On-demand limits of a table's global indexes by their names, as they were given: no engine keeps them. */
export type IndexThroughput = Readonly<Record<string, Json>>;

const LIMIT = 'OnDemandThroughput';

/** The limits after a request that makes or changes the table. */
export function indexThroughput(body: Json, before: IndexThroughput = {}): IndexThroughput {
  const updates = objectsAt(body, 'GlobalSecondaryIndexUpdates');
  const gone = new Set(updates.map((update) => textAt(objectAt(update, 'Delete'), 'IndexName')));
  const kept = Object.entries(before).filter(([name]) => !gone.has(name));
  const indexes = [
    ...objectsAt(body, 'GlobalSecondaryIndexes'),
    ...updates.flatMap((update) => [objectAt(update, 'Create'), objectAt(update, 'Update')]),
  ];
  const given = indexes.flatMap((index) => {
    const limit = index[LIMIT];
    return isObject(limit) ? [[textAt(index, 'IndexName'), limit] as const] : [];
  });
  return Object.fromEntries([...kept, ...given]);
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
