import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DiskTable } from './disk-table';

/** A persistent map. Values are plain JSON; after changing one, `set` it again. */
export interface Table<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<T>;
  entries(): Iterable<[string, T]>;
  readonly size: number;
}

export interface StateStore {
  /** The table of that name, with what an earlier run left in it. */
  table<T>(name: string): Table<T>;
  /** As `table`, for what grows without bound: its rows stay on disk, in the order of their keys, none of them empty. */
  diskTable<T>(name: string): Table<T>;
  /** How many entries of each table hold a text, as JSON has it; tables without any are left out. */
  find(text: string): Readonly<Record<string, number>>;
  /** Makes every change so far survive a kill of this process; called before any answer leaves it. */
  flush(): void;
  close(): void;
}

/**
 * State in one SQLite file (`:memory:` for tests): reads come from memory (but those of a `diskTable`), writes are gathered
 * and committed by `flush`. Without fsync: it survives the end of the process, not of the machine.
 */
export class SqliteStore implements StateStore {
  readonly #db: DatabaseSync;
  readonly #tables = new Map<string, MemoryTable<unknown>>();
  readonly #onDisk = new Map<string, DiskTable<unknown>>();
  readonly #dirty = new Map<string, readonly [table: string, key: string, json: string | undefined]>();
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  #flushing: NodeJS.Immediate | undefined;

  /** `exclusive`: no other process may open the file until this one ends; one that tries gets "database is locked". */
  constructor(path: string, options: { readonly exclusive?: boolean } = {}) {
    this.#db = new DatabaseSync(path);
    if (options.exclusive) this.#db.exec('PRAGMA locking_mode = EXCLUSIVE');
    // With row ids: without, an entry of more than a kilobyte would take a page of its own.
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;' +
        'CREATE TABLE IF NOT EXISTS state (tbl TEXT, key TEXT, json TEXT NOT NULL, PRIMARY KEY (tbl, key))',
    );
    this.#put = this.#db.prepare('INSERT OR REPLACE INTO state (tbl, key, json) VALUES (?, ?, ?)');
    this.#remove = this.#db.prepare('DELETE FROM state WHERE tbl = ? AND key = ?');
  }

  table<T>(name: string): Table<T> {
    const known = this.#tables.get(name);
    if (known) return known as unknown as Table<T>;
    const table = new MemoryTable<T>((key, value) => this.#change(name, key, value));
    for (const row of this.#db.prepare('SELECT key, json FROM state WHERE tbl = ? ORDER BY key').all(name)) {
      table.load(String(row['key']), JSON.parse(String(row['json'])) as T);
    }
    this.#tables.set(name, table as unknown as MemoryTable<unknown>);
    return table;
  }

  diskTable<T>(name: string): Table<T> {
    const table =
      this.#onDisk.get(name) ??
      new DiskTable<unknown>(this.#db, name, {
        changed: (key, value) => this.#change(name, key, value),
        settle: (key) => {
          if (key === undefined || this.#dirty.has(dirtyKey(name, key))) this.flush();
        },
      });
    this.#onDisk.set(name, table);
    return table as Table<T>;
  }

  find(text: string): Readonly<Record<string, number>> {
    this.flush();
    const rows = this.#db
      .prepare(
        'SELECT tbl, count(*) AS entries FROM state WHERE instr(json, ?1) > 0 OR instr(key, ?1) > 0 GROUP BY tbl ORDER BY tbl',
      )
      .all(text);
    return Object.fromEntries(rows.map((row) => [String(row['tbl']), Number(row['entries'])]));
  }

  flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    if (this.#dirty.size === 0) return;
    this.#db.exec('BEGIN');
    for (const [table, key, json] of this.#dirty.values()) {
      if (json === undefined) this.#remove.run(table, key);
      else this.#put.run(table, key, json);
    }
    this.#db.exec('COMMIT');
    this.#dirty.clear();
  }

  close(): void {
    this.flush();
    this.#db.close();
  }

  #change(table: string, key: string, value: unknown): void {
    this.#dirty.set(dirtyKey(table, key), [table, key, value === undefined ? undefined : JSON.stringify(value)]);
    this.#flushing ??= setImmediate(() => this.flush());
  }
}

function dirtyKey(table: string, key: string): string {
  return `${table}\u0000${key}`;
}

class MemoryTable<T> implements Table<T> {
  readonly #rows = new Map<string, T>();

  constructor(private readonly changed: (key: string, value: T | undefined) => void) {}

  load(key: string, value: T): void {
    this.#rows.set(key, value);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): T | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  set(key: string, value: T): void {
    this.#rows.set(key, value);
    this.changed(key, value);
  }

  delete(key: string): boolean {
    const existed = this.#rows.delete(key);
    if (existed) this.changed(key, undefined);
    return existed;
  }

  keys(): Iterable<string> {
    return this.#rows.keys();
  }

  values(): Iterable<T> {
    return this.#rows.values();
  }

  entries(): Iterable<[string, T]> {
    return this.#rows.entries();
  }
}
