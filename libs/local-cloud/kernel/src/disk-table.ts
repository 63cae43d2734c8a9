import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Table } from './store';

/** What a table on disk does through the store: its changes are part of the store's commits. */
export interface DiskTablePorts {
  readonly changed: (key: string, value: unknown) => void;
  /** Called before reads, so that they see the changes of one key, or all. */
  readonly settle: (key?: string) => void;
}

/** A table whose rows stay on disk, in the order of their keys: for what grows with the work that is done. */
export class DiskTable<T> implements Table<T> {
  readonly #one: StatementSync;
  readonly #all: StatementSync;
  readonly #count: StatementSync;

  constructor(
    db: DatabaseSync,
    private readonly name: string,
    private readonly ports: DiskTablePorts,
  ) {
    this.#one = db.prepare('SELECT json FROM state WHERE tbl = ? AND key = ?');
    this.#all = db.prepare('SELECT key, json FROM state WHERE tbl = ? AND key > ? ORDER BY key LIMIT 100');
    this.#count = db.prepare('SELECT count(*) AS entries FROM state WHERE tbl = ?');
  }

  get size(): number {
    this.ports.settle();
    return Number(this.#count.get(this.name)?.['entries'] ?? 0);
  }

  get(key: string): T | undefined {
    this.ports.settle(key);
    const row = this.#one.get(this.name, key);
    return row && (JSON.parse(String(row['json'])) as T);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: T): void {
    this.ports.changed(key, value);
  }

  delete(key: string): boolean {
    const existed = this.has(key);
    if (existed) this.ports.changed(key, undefined);
    return existed;
  }

  *keys(): Iterable<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): Iterable<T> {
    for (const [, value] of this.entries()) yield value;
  }

  /** In pages, so that rows may be changed meanwhile. */
  *entries(): Iterable<[string, T]> {
    for (let after = ''; ;) {
      this.ports.settle();
      const rows = this.#all.all(this.name, after);
      for (const row of rows) {
        after = String(row['key']);
        yield [after, JSON.parse(String(row['json'])) as T];
      }
      if (rows.length === 0) return;
    }
  }
}
