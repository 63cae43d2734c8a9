import { unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { tableName } from '../proxy/arns';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { JsonOperation, JsonOperations } from '../proxy/operation';
import type { LocalClient } from '../server/client';
import { checkReturnValues, refuseCollectionMetrics, withActions } from './item-requests';
import type { Requirements } from './requirements';
import { sendShuffled } from './shuffled-transaction';
import type { TableKeys } from './table-keys';
import { transactionError } from './transaction-errors';

/** Told of the tables a request is about to write, and of those it has written. */
export interface WriteObserver {
  before(context: RequestContext, tables: readonly string[]): Promise<void>;
  after(context: RequestContext, tables: readonly string[]): Promise<void>;
}

/** Items: read and written by DynamoDB Local; whoever waits for a table's stream is woken after a write. */
export function itemOperations(
  client: LocalClient,
  needs: Requirements,
  observer: WriteObserver,
  keys: TableKeys,
): JsonOperations {
  const read = (requires: JsonOperation['requires']): JsonOperation => ({
    requires,
    run: async (given, context) => {
      const body = named(given, context);
      await keys.open(tablesOf(body), context);
      return client.call('dynamodb', context.operation, body, context);
    },
  });
  const write = (requires: JsonOperation['requires']): JsonOperation => ({
    requires,
    run: async (given, context) => {
      checkReturnValues(given, context);
      const body = withActions(named(given, context));
      await keys.open(tablesOf(body), context);
      const tables = writtenTables(body);
      await refuseCollectionMetrics(client, body, tables, context);
      await observer.before(context, tables);
      const send = (sent: Json): Promise<Json> => client.call('dynamodb', context.operation, sent, context);
      const answer = await sendShuffled(body, send).catch(async (error: unknown) => {
        throw await transactionError(error, body, (sent) => send(sent).catch((refused: unknown) => refused));
      });
      await observer.after(context, tables);
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

/** Every table a request names, in its body (by plain names), its batch or its transaction. */
function tablesOf(
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
function writtenTables(body: Json): string[] {
  return tablesOf(body, ['Put', 'Update', 'Delete']);
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
