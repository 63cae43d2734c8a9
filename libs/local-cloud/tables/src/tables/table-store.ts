import type { Database } from '../storage/database';
import type { Place, TableDefinition } from './definition';

/** Definitions of tables: kept in memory, written through to SQLite. */
export class TableStore {
  readonly #tables = new Map<string, TableDefinition>();

  constructor(private readonly db: Database) {
    for (const row of db.prepare('SELECT json FROM tables').all()) {
      const table = JSON.parse(String(row['json'])) as TableDefinition;
      this.#tables.set(keyOf(table, table.name), table);
    }
  }

  get(place: Place, name: string): TableDefinition | undefined {
    return this.#tables.get(keyOf(place, name));
  }

  /** Names of the tables of an account in a region, sorted. */
  names({ accountId, region }: Place): readonly string[] {
    return [...this.#tables.values()]
      .filter((table) => table.accountId === accountId && table.region === region)
      .map(({ name }) => name)
      .sort();
  }

  put(table: TableDefinition): void {
    this.db.run('INSERT OR REPLACE INTO tables (id, json) VALUES (?, ?)', table.id, JSON.stringify(table));
    this.#tables.set(keyOf(table, table.name), table);
  }

  delete(table: TableDefinition): void {
    this.db.run('DELETE FROM tables WHERE id = ?', table.id);
    this.#tables.delete(keyOf(table, table.name));
  }
}

function keyOf({ accountId, region }: Place, name: string): string {
  return `${accountId}/${region}/${name}`;
}
