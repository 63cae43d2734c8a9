import type { SQLInputValue } from 'node:sqlite';
import type { IndexDefinition, TableDefinition } from '../tables/definition';
import type { Database } from './database';
import { readRow, type ItemPosition, type StoredItem } from './item-store';

/** An end of a range of range keys. */
export interface Bound {
  readonly bytes: Buffer;
  readonly isInclusive: boolean;
}

/** Which items are read, and in which order. */
export interface Selection {
  readonly table: TableDefinition;
  readonly index: IndexDefinition | undefined;
  /** Of one hash key; undefined for all. */
  readonly hash?: Buffer;
  readonly lower?: Bound;
  readonly upper?: Bound;
  /** Of the hash keys from here … */
  readonly from?: Buffer;
  /** … to before here. */
  readonly to?: Buffer;
  /** Behind this place: its position in the index, where one is read, and in the table. */
  readonly after?: { readonly inIndex?: ItemPosition; readonly inTable: ItemPosition };
  readonly isForward: boolean;
}

/** Reads items in the order of their keys, one by one. */
export function* readItems(db: Database, selection: Selection): Generator<StoredItem> {
  const { sql, values } = queryOf(selection);
  for (const row of db.prepare(sql).iterate(...values)) yield readRow(row);
}

function queryOf(selection: Selection): { sql: string; values: SQLInputValue[] } {
  const { table, index, hash, lower, upper, from, to, after, isForward } = selection;
  const source = index
    ? 'SELECT i.id, i.size, i.json FROM entries e CROSS JOIN items i ON i.id = e.item WHERE e.idx = ?'
    : 'SELECT e.id, e.size, e.json FROM items e WHERE e.tbl = ?';
  const parts = [source];
  const values: SQLInputValue[] = [index ? index.id : table.id];
  const where = (condition: string, ...more: SQLInputValue[]): void => {
    parts.push(condition);
    values.push(...more);
  };
  if (hash) where('e.hash = ?', hash);
  if (lower) where(lower.isInclusive ? 'e.range >= ?' : 'e.range > ?', lower.bytes);
  if (upper) where(upper.isInclusive ? 'e.range <= ?' : 'e.range < ?', upper.bytes);
  if (from) where('e.hash >= ?', from);
  if (to) where('e.hash < ?', to);
  const columns = [...(hash ? [] : ['e.hash']), 'e.range', ...(index ? ['e.item_hash', 'e.item_range'] : [])];
  if (after) {
    const { inTable, inIndex = inTable } = after;
    const place = [...(hash ? [] : [inIndex.hash]), inIndex.range, ...(index ? [inTable.hash, inTable.range] : [])];
    const marks = place.map(() => '?').join(', ');
    where(`(${columns.join(', ')}) ${isForward ? '>' : '<'} (${marks})`, ...place);
  }
  const order = columns.map((column) => `${column} ${isForward ? 'ASC' : 'DESC'}`).join(', ');
  return { sql: `${parts.join(' AND ')} ORDER BY ${order}`, values };
}
