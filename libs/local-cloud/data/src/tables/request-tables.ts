import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';

/** Every table a request names, in its body (by plain names), its batch or its transaction. */
export function tablesOf(
  body: Json,
  kinds: readonly string[] = ['Get', 'Put', 'Update', 'Delete', 'ConditionCheck'],
): string[] {
  const parts = objectsAt(body, 'TransactItems').flatMap((part) =>
    kinds.filter((kind) => isObject(part[kind])).map((kind) => textAt(objectAt(part, kind), 'TableName')),
  );
  const own = textAt(body, 'TableName');
  return [...new Set([...(own ? [own] : []), ...Object.keys(objectAt(body, 'RequestItems')), ...parts])];
}

/** Those of a writing request that it may write to. */
export function writtenTables(body: Json): string[] {
  return tablesOf(body, ['Put', 'Update', 'Delete']);
}
