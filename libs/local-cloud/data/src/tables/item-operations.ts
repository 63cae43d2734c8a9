import { unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { tableName } from '../proxy/arns';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperation, JsonOperations } from '../proxy/operation';
import type { LocalClient } from '../server/client';
import type { Requirements } from './requirements';

/** Told of the tables a request is about to write, and of those it has written. */
export interface WriteObserver {
  before(context: RequestContext, tables: readonly string[]): Promise<void>;
  after(context: RequestContext, tables: readonly string[]): Promise<void>;
}

/** Items: read and written by DynamoDB Local; whoever waits for a table's stream is woken after a write. */
export function itemOperations(client: LocalClient, needs: Requirements, observer: WriteObserver): JsonOperations {
  const read = (requires: JsonOperation['requires']): JsonOperation => ({
    requires,
    run: (body, context) => client.call('dynamodb', context.operation, named(body, context), context),
  });
  const write = (requires: JsonOperation['requires'], tablesOf: (body: Json) => string[]): JsonOperation => ({
    requires,
    run: async (given, context) => {
      const body = named(given, context);
      const tables = [...new Set(tablesOf(body))];
      await observer.before(context, tables);
      const answer = await client.call('dynamodb', context.operation, body, context);
      await observer.after(context, tables);
      return answer;
    },
  });
  const oneTable = (body: Json): string[] => [textAt(body, 'TableName')];
  return {
    GetItem: read(needs.onItem),
    Query: read(needs.onQuery),
    Scan: read(needs.onQuery),
    BatchGetItem: read(needs.onBatch),
    TransactGetItems: read(needs.onTransaction),
    PutItem: write(needs.onItem, oneTable),
    UpdateItem: write(needs.onItem, oneTable),
    DeleteItem: write(needs.onItem, oneTable),
    BatchWriteItem: write(needs.onBatch, (body) => Object.keys(objectAt(body, 'RequestItems'))),
    TransactWriteItems: write(needs.onTransaction, (body) =>
      objectsAt(body, 'TransactItems').flatMap((part) =>
        ['Put', 'Update', 'Delete']
          .filter((kind) => isObject(part[kind]))
          .map((kind) => textAt(objectAt(part, kind), 'TableName')),
      ),
    ),
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
