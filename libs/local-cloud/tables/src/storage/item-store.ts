import { own } from '@outbox/local-cloud-kernel';
import type { IndexDefinition, TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { hashBytes, keyBytes } from '../values/key-bytes';
import type { Database } from './database';

/** Where an item lies in its table. */
export interface ItemPosition {
  readonly hash: Buffer;
  readonly range: Buffer;
}

export interface StoredItem {
  readonly id: number;
  readonly item: Item;
  readonly size: number;
}

/** An index's part of a write: where the entry was and where it is now. */
export interface IndexChange {
  readonly index: IndexDefinition;
  readonly before: ItemPosition | undefined;
  readonly after: ItemPosition | undefined;
}

export const NO_RANGE = Buffer.alloc(0);

/** Where the item lies in an index; undefined where it has not all of the index's keys, and so isn't in it. */
export function indexPosition(item: Item | undefined, { keys }: IndexDefinition): ItemPosition | undefined {
  const hash = item && own(item, keys.hash.name);
  const range = item && keys.range ? own(item, keys.range.name) : undefined;
  if (!hash || (keys.range && !range)) return undefined;
  return { hash: hashBytes(hash), range: range ? keyBytes(range) : NO_RANGE };
}

/** Items in SQLite, with the entries of their tables' indexes. */
export class ItemStore {
  constructor(private readonly db: Database) {}

  get(table: TableDefinition, { hash, range }: ItemPosition): StoredItem | undefined {
    const row = this.db
      .prepare('SELECT id, size, json FROM items WHERE tbl = ? AND hash = ? AND range = ?')
      .get(table.id, hash, range);
    return row && readRow(row);
  }

  /** Writes an item in the place of the one before. */
  put(
    table: TableDefinition,
    at: ItemPosition,
    before: StoredItem | undefined,
    { item, size }: Pick<StoredItem, 'item' | 'size'>,
  ): void {
    const json = JSON.stringify(item);
    let id = before?.id;
    if (id === undefined) {
      const sql = 'INSERT INTO items (tbl, hash, range, size, json) VALUES (?, ?, ?, ?, ?)';
      id = Number(this.db.prepare(sql).run(table.id, at.hash, at.range, size, json).lastInsertRowid);
    } else {
      this.db.run('UPDATE items SET size = ?, json = ? WHERE id = ?', size, json, id);
    }
    for (const change of indexChanges(table, before?.item, item)) this.#move(at, id, change);
  }

  delete(table: TableDefinition, at: ItemPosition, before: StoredItem): void {
    this.db.run('DELETE FROM items WHERE id = ?', before.id);
    for (const change of indexChanges(table, before.item, undefined)) this.#move(at, before.id, change);
  }

  /** Fills a new index with the items that are there. */
  fillIndex(table: TableDefinition, index: IndexDefinition): void {
    const rows = this.db.prepare('SELECT id, hash, range, size, json FROM items WHERE tbl = ?').all(table.id);
    for (const row of rows) {
      const { id, item } = readRow(row);
      const at = { hash: bytesOf(row['hash']), range: bytesOf(row['range']) };
      this.#move(at, id, { index, before: undefined, after: indexPosition(item, index) });
    }
  }

  dropIndex(index: IndexDefinition): void {
    this.db.run('DELETE FROM entries WHERE idx = ?', index.id);
  }

  dropTable(table: TableDefinition): void {
    for (const index of table.indexes) this.dropIndex(index);
    this.db.run('DELETE FROM items WHERE tbl = ?', table.id);
  }

  /** How many items there are, and their bytes. */
  count(table: TableDefinition): { readonly items: number; readonly bytes: number } {
    const row = this.db
      .prepare('SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM items WHERE tbl = ?')
      .get(table.id);
    return { items: Number(row?.['items']), bytes: Number(row?.['bytes']) };
  }

  #move(at: ItemPosition, id: number, { index, before, after }: IndexChange): void {
    if (before && after && samePosition(before, after)) return;
    if (before) {
      this.db.run(
        'DELETE FROM entries WHERE idx = ? AND hash = ? AND range = ? AND item_hash = ? AND item_range = ?',
        index.id,
        before.hash,
        before.range,
        at.hash,
        at.range,
      );
    }
    if (after) {
      this.db.run(
        'INSERT INTO entries (idx, hash, range, item_hash, item_range, item) VALUES (?, ?, ?, ?, ?, ?)',
        index.id,
        after.hash,
        after.range,
        at.hash,
        at.range,
        id,
      );
    }
  }
}

export function indexChanges(
  table: TableDefinition,
  before: Item | undefined,
  after: Item | undefined,
): readonly IndexChange[] {
  return table.indexes.map((index) => ({
    index,
    before: indexPosition(before, index),
    after: indexPosition(after, index),
  }));
}

export function samePosition(a: ItemPosition, b: ItemPosition): boolean {
  return a.hash.equals(b.hash) && a.range.equals(b.range);
}

/** A row of `items`, as SQLite gives it. */
export function readRow(row: Readonly<Record<string, unknown>>): StoredItem {
  return { id: Number(row['id']), size: Number(row['size']), item: JSON.parse(String(row['json'])) as Item };
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : NO_RANGE;
}
