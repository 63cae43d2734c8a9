import { unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import type { TableEngine } from '../engine/table-engine';
import { tableName } from '../proxy/arns';
import { isObject, type Json } from '../proxy/json';
import type { JsonOperation, JsonOperations } from '../proxy/operation';
import { checkIntegers, checkReturnValues, refuseCollectionMetrics } from './item-requests';
import { tablesOf, writtenTables } from './request-tables';
import type { Requirements } from './requirements';
import type { TableKeys } from './table-keys';

/** Told of the tables a request has written. */
export type WriteObserver = (context: RequestContext, tables: readonly string[]) => Promise<void>;

/** Items: read and written by the engine; whoever waits for a table's stream is woken after a write. */
export function itemOperations(
  engine: TableEngine,
  needs: Requirements,
  written: WriteObserver,
  keys: TableKeys,
): JsonOperations {
  const read = (requires: JsonOperation['requires']): JsonOperation => ({
    requires,
    run: async (given, context) => {
      checkIntegers(given);
      const body = named(given, context);
      await keys.open(tablesOf(body), context);
      return engine.call(context.operation, body, context);
    },
  });
  const write = (requires: JsonOperation['requires']): JsonOperation => ({
    requires,
    run: async (given, context) => {
      checkReturnValues(given, context);
      const body = named(given, context);
      await keys.open(tablesOf(body), context);
      const tables = writtenTables(body);
      await refuseCollectionMetrics(engine, body, tables, context);
      const answer = await engine.call(context.operation, body, context);
      await written(context, tables);
      return answer;
    },
  });
  return {
    GetItem: read(needs.onItem),
    Query: read(needs.onQuery),
    Scan: read(needs.onQuery),
    BatchGetItem: read(needs.onBatch),
    TransactGetItems: read(needs.onTransaction),
    PutItem: write(needs.onItem),
    UpdateItem: write(needs.onItem),
    DeleteItem: write(needs.onItem),
    BatchWriteItem: write(needs.onBatch),
    TransactWriteItems: write(needs.onTransaction),
  };
}

/** The body with every table by its plain name, where AWS takes ARNs too. */
function named(body: Json, context: RequestContext): Json {
  const name = (holder: Json): Json =>
    typeof holder['TableName'] === 'string'
      ? { ...holder, TableName: tableName(holder['TableName'], context) }
      : holder;
  const copy = name(body);
  if (isObject(copy['RequestItems'])) {
    const entries = Object.entries(copy['RequestItems']).map(
      ([table, item]) => [tableName(table, context), item] as const,
    );
    const renamed = Object.fromEntries(entries);
    if (Object.keys(renamed).length < entries.length) {
      throw unsupported('dynamodb', context.operation, 'one table by name and by ARN in one request');
    }
    copy['RequestItems'] = renamed;
  }
  if (Array.isArray(copy['TransactItems'])) {
    copy['TransactItems'] = copy['TransactItems'].map((part: unknown) =>
      isObject(part)
        ? Object.fromEntries(
            Object.entries(part).map(([kind, target]) => [kind, isObject(target) ? name(target) : target]),
          )
        : part,
    );
  }
  return copy;
}
