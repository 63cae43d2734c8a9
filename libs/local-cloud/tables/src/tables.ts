import { unsupported } from '@outbox/local-cloud-kernel';
import { resourceNotFound } from './errors';
import { QueryOperations } from './items/query-operations';
import { ReadOperations } from './items/read-operations';
import type { FindTable } from './items/request';
import { WriteTransactions } from './items/transactions';
import { WriteOperations } from './items/write-operations';
import { Writer } from './items/writer';
import type { Json } from './json';
import { Database } from './storage/database';
import { ItemStore } from './storage/item-store';
import { StreamStore } from './storage/stream-store';
import { TokenStore } from './storage/token-store';
import { StreamOperations } from './streams/stream-operations';
import type { Place } from './tables/definition';
import { tableArn } from './tables/describe';
import { TableOperations } from './tables/table-operations';
import { TableStore } from './tables/table-store';

export interface TablesOptions {
  /** The SQLite file, or `:memory:`. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1): the order of a transaction's records in streams. */
  readonly random: () => number;
  /** Ids of records in streams. */
  readonly uuid: () => string;
}

type Operation = (body: Json, place: Place, find: FindTable) => Json;

/** Every operation on tables, items and streams, JSON to JSON; each is done, and kept, when it returns. */
export class Tables {
  readonly #db: Database;
  readonly #tables: TableStore;
  readonly #writes: WriteOperations;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor({ file, now, random, uuid }: TablesOptions) {
    const db = (this.#db = new Database(file));
    const tableStore = (this.#tables = new TableStore(db));
    const items = new ItemStore(db);
    const streamStore = new StreamStore(db, now);
    const writer = new Writer(items, streamStore, uuid);
    const writes = (this.#writes = new WriteOperations(db, writer));
    const transactions = new WriteTransactions(db, writer, new TokenStore(db, now), random);
    const reads = new ReadOperations(items);
    const queries = new QueryOperations(db);
    const tables = new TableOperations(db, tableStore, items, streamStore, now);
    const streams = new StreamOperations(streamStore, now);
    this.#operations = new Map<string, Operation>([
      ['CreateTable', (body, place) => tables.createTable(body, place)],
      ['DescribeTable', (body, place) => tables.describeTable(body, place)],
      ['UpdateTable', (body, place) => tables.updateTable(body, place)],
      ['DeleteTable', (body, place) => tables.deleteTable(body, place)],
      ['ListTables', (body, place) => tables.listTables(body, place)],
      ['GetItem', (body, _, find) => reads.getItem(body, find)],
      ['BatchGetItem', (body, _, find) => reads.batchGetItem(body, find)],
      ['TransactGetItems', (body, _, find) => reads.transactGetItems(body, find)],
      ['Query', (body, _, find) => queries.query(body, find)],
      ['Scan', (body, _, find) => queries.scan(body, find)],
      ['PutItem', (body, _, find) => writes.putItem(body, find)],
      ['UpdateItem', (body, _, find) => writes.updateItem(body, find)],
      ['DeleteItem', (body, _, find) => writes.deleteItem(body, find)],
      ['BatchWriteItem', (body, _, find) => writes.batchWriteItem(body, find)],
      ['TransactWriteItems', (body, place, find) => transactions.run(body, place, find)],
      ['ListStreams', (body, place) => streams.listStreams(body, place)],
      ['DescribeStream', (body) => streams.describeStream(body)],
      ['GetShardIterator', (body) => streams.getShardIterator(body)],
      ['GetRecords', (body) => streams.getRecords(body)],
    ]);
  }

  /** One operation. @throws AwsError in AWS's code and words */
  call(operation: string, body: Json, place: Place): Json {
    const run = this.#operations.get(operation);
    if (!run) throw unsupported('dynamodb', operation);
    return run(body, place, this.#finder(place));
  }

  /** The ARN of the table's enabled stream; undefined where it has none, or there is no table. */
  streamOf(place: Place, name: string): string | undefined {
    const table = this.#tables.get(place, name);
    return table?.stream?.isEnabled ? `${tableArn(table)}/stream/${table.stream.label}` : undefined;
  }

  /**
   * Deletes an item whose time to live is over; `body` as for DeleteItem. In the stream it was `by` who did it.
   * @returns false where the body's condition wasn't met
   */
  expireItem(body: Json, place: Place, by: Json): boolean {
    return this.#writes.expireItem(body, this.#finder(place), by);
  }

  close(): void {
    this.#db.close();
  }

  #finder(place: Place): FindTable {
    return (name) => {
      const table = this.#tables.get(place, name);
      if (table) return table;
      throw resourceNotFound();
    };
  }
}
