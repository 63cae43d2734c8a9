import {
  DynamoDBClient,
  type CancellationReason,
  type DeleteItemCommandInput,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { PlainItem } from '@outbox/outbox-dynamodb';
import { readCondition } from './condition';
import { bytesOf, checkedSize, MemoryTable } from './memory-table';
import { checkPlaceholders, InvalidRequestError, Tokens, UnsupportedError, type Item } from './tokens';
import { readUpdate } from './update';

/** Tables by name, each with the names of its key's attributes: `{ parcels: ['id'] }`. */
export type TableKeys = Readonly<Record<string, readonly string[]>>;

/** DynamoDB as far as specs of an outbox need it, in memory. */
export interface MemoryDynamoDb {
  /** An SDK client whose requests end in the memory. */
  readonly client: DynamoDBClient;
  /** Adds an empty table, unless there is one of that name. */
  addTable(name: string, key: readonly string[]): void;
  /** A table's items as plain values, in the order they were first written in. */
  items(table: string): readonly PlainItem[];
  /** Takes items away, as retention does. */
  remove(table: string, goes: (item: PlainItem) => boolean): void;
  /** Keeps a table as it is; the function that it returns brings that back, as a restore does. */
  backUp(table: string): () => void;
}

/** API reference, TransactWriteItems. */
const MAX_TRANSACTION_ITEMS = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

class RefusedError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly members: object = {},
  ) {
    super(message);
  }
}

/**
 * Answers GetItem, Query, PutItem, UpdateItem, DeleteItem and TransactWriteItems, strongly consistent and one at a time. It
 * knows conditions and updates of the usual kind, says UnsupportedError to the rest, and doesn't know reserved words.
 */
export function createMemoryDynamoDb(keys: TableKeys): MemoryDynamoDb {
  const tables = new Map(Object.entries(keys).map(([name, key]) => [name, new MemoryTable(name, key)]));
  const tableOf = (name = ''): MemoryTable => {
    const table = tables.get(name);
    if (!table) throw new RefusedError('ResourceNotFoundException', `Requested resource not found: table ${name}`);
    return table;
  };
  /** Transactions that took effect, by their tokens. */
  const done = new Set<string>();

  /** Makes all of the writes or none; the reasons why not, one for each write. */
  const transact = (writes: readonly TransactWriteItem[]): readonly CancellationReason[] => {
    if (writes.length > MAX_TRANSACTION_ITEMS) {
      throw new InvalidRequestError(`Member must have length less than or equal to ${MAX_TRANSACTION_ITEMS}`);
    }
    for (const { Put, Update, Delete, ConditionCheck } of writes) {
      const request = Put ?? Update ?? Delete ?? ConditionCheck;
      if (request) checkPlaceholders(request, [request.ConditionExpression, Update?.UpdateExpression]);
    }
    const parts = writes.map(partOf).map((part) => ({ ...part, table: tableOf(part.request.TableName) }));
    const places = parts.map(({ table, key }) => `${table.name} ${table.place(key)}`);
    if (new Set(places).size < places.length) {
      throw new InvalidRequestError('Transaction request cannot include multiple operations on one item');
    }
    const reasons = parts.map(({ table, key, request }) => {
      const before = table.get(key);
      const { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: returned } = request;
      if (condition === undefined || readCondition(new Tokens(condition, request))(before)) return { Code: 'None' };
      const Message = 'The conditional request failed';
      return { Code: 'ConditionalCheckFailed', Message, ...(returned === 'ALL_OLD' && before ? { Item: before } : {}) };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) return reasons;
    // Whatever can't be written is found before anything is.
    const results = parts.map(({ table, key, after }) => ({ table, key, item: checkedSize(after(table.get(key))) }));
    if (results.reduce((bytes, { item }) => bytes + (item ? bytesOf(item) : 0), 0) > MAX_TRANSACTION_BYTES) {
      throw new InvalidRequestError('Transaction request exceeds 4 MB');
    }
    for (const { table, key, item } of results) {
      if (item) table.put(item);
      else table.remove(key);
    }
    return [];
  };

  const alone = (
    write: TransactWriteItem,
    { ReturnValues: returned = 'NONE' }: Pick<PutItemCommandInput, 'ReturnValues'>,
  ): object => {
    if (returned !== 'NONE') throw new UnsupportedError(`ReturnValues ${returned}`);
    const [reason] = transact([write]);
    if (!reason) return {};
    throw new RefusedError('ConditionalCheckFailedException', 'The conditional request failed', { Item: reason.Item });
  };

  const operations: Readonly<Record<string, (input: never) => object>> = {
    GetItem: ({ TableName, Key = {}, ProjectionExpression: projection }: GetItemCommandInput) => {
      if (projection !== undefined) throw new UnsupportedError('ProjectionExpression');
      return { Item: tableOf(TableName).get(Key) };
    },
    Query: ({
      TableName,
      KeyConditionExpression = '',
      ScanIndexForward,
      ConsistentRead: _,
      ...input
    }: QueryCommandInput) => {
      const { ExpressionAttributeNames, ExpressionAttributeValues, ...others } = input;
      const [unknown] = Object.keys(others);
      if (unknown !== undefined) throw new UnsupportedError(`${unknown} of Query`);
      checkPlaceholders({ ExpressionAttributeNames, ExpressionAttributeValues }, [KeyConditionExpression]);
      const fits = readCondition(
        new Tokens(KeyConditionExpression, { ExpressionAttributeNames, ExpressionAttributeValues }),
      );
      const found = tableOf(TableName).query(fits);
      const Items = ScanIndexForward === false ? [...found].reverse() : found;
      return { Items, Count: Items.length };
    },
    PutItem: (Put: PutItemCommandInput) => alone({ Put }, Put),
    UpdateItem: (Update: UpdateItemCommandInput & TransactWriteItem['Update']) => alone({ Update }, Update),
    DeleteItem: (Delete: DeleteItemCommandInput) => alone({ Delete }, Delete),
    TransactWriteItems: ({ TransactItems = [], ClientRequestToken: token }: TransactWriteItemsCommandInput) => {
      if (token !== undefined && done.has(token)) return {};
      const reasons = transact(TransactItems);
      if (reasons.length > 0) {
        const codes = reasons.map(({ Code }) => Code).join(', ');
        const text = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
        throw new RefusedError('TransactionCanceledException', text, { CancellationReasons: reasons });
      }
      if (token !== undefined) done.add(token);
      return {};
    },
  };

  const client = new DynamoDBClient({
    region: 'memory',
    credentials: { accessKeyId: 'memory', secretAccessKey: 'memory' },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'memory' },
      handle: async ({ headers, body }: { headers: Record<string, string>; body?: Uint8Array | string }) => {
        const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
        const run = operations[operation];
        if (!run) throw new UnsupportedError(operation);
        const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
        return { response: respond(() => run(JSON.parse(text) as never)) };
      },
    },
  });

  return {
    client,
    addTable: (name, key) => {
      if (!tables.has(name)) tables.set(name, new MemoryTable(name, key));
    },
    items: (table) => tableOf(table).list(),
    remove: (table, goes) => tableOf(table).removeWhere(goes),
    backUp: (table) => tableOf(table).backUp(),
  };
}

/** One write: the key of its item, its request, and the item after it; undefined: there is none. */
function partOf({ Put: put, Update: update, Delete: remove, ConditionCheck: check }: TransactWriteItem) {
  const part = (
    request: Partial<NonNullable<typeof put | typeof remove>>,
    key: Item = {},
    after: (before: Item | undefined) => Item | undefined = (before) => before,
  ) => ({ request, key, after });
  if (put) return part(put, put.Item, () => put.Item);
  if (update) {
    const change = readUpdate(new Tokens(update.UpdateExpression ?? '', update));
    return part(update, update.Key, (before) => change({ ...update.Key, ...before }));
  }
  return remove ? part(remove, remove.Key, () => undefined) : part(check ?? {}, check?.Key);
}

/** An answer of DynamoDB's protocol, AWS JSON 1.0. */
function respond(run: () => object): { statusCode: number; headers: Record<string, string>; body: Uint8Array } {
  const answer = (statusCode: number, body: object) => ({
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  });
  try {
    return answer(200, run());
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof InvalidRequestError)) throw error;
    const members = error instanceof RefusedError ? error.members : {};
    return answer(400, { __type: error.name, message: error.message, ...members });
  }
}
