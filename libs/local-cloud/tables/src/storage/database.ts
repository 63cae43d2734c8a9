import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ids (id INTEGER PRIMARY KEY AUTOINCREMENT);
  CREATE TABLE IF NOT EXISTS tables (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
    size INTEGER NOT NULL, json TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS items_by_key ON items (tbl, hash, range);
  CREATE TABLE IF NOT EXISTS entries (
    idx INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL, item_hash BLOB NOT NULL, item_range BLOB NOT NULL,
    item INTEGER NOT NULL, PRIMARY KEY (idx, hash, range, item_hash, item_range)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS records_by_stream ON records (stream, sequence);
  CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, at INTEGER NOT NULL, digest BLOB NOT NULL, answer TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tokens_by_age ON tokens (at);
`;

/** The SQLite file of all tables. It survives the end of the process (without fsync, not that of the machine). */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /** @param file its path, or `:memory:` */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    this.#db.exec(SCHEMA);
  }

  /** The prepared statement; each text is prepared once. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.prepare(sql).run(...values);
  }

  /** Runs what belongs together: all of it is kept, or, where it throws, nothing. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.run('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      this.run('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** A number that was never given out before. */
  nextId(): number {
    const { lastInsertRowid } = this.prepare('INSERT INTO ids DEFAULT VALUES').run();
    this.run('DELETE FROM ids');
    return Number(lastInsertRowid);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}
