import { textAt, type Json } from '../json';
import { indexChanges, samePosition, type StoredItem } from '../storage/item-store';
import { projectedNames, type IndexDefinition, type TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { equalItems } from '../values/compare';
import { sizeOfItem } from '../values/size';

/** Bytes of one unit. Source: developer guide, "Read and write capacity modes". */
const WRITE_UNIT = 1024;
const READ_UNIT = 4096;

/** Units of one table: its own, and by index. */
interface Units {
  table: number;
  readonly indexes: Map<IndexDefinition, number>;
}

/** Adds up what a request consumes, where it asks for that. */
export class ConsumedCapacity {
  readonly #tables = new Map<TableDefinition, Units>();
  readonly #wanted: string;

  /** @param factor 2 in transactions */
  constructor(
    body: Json,
    private readonly factor = 1,
  ) {
    this.#wanted = textAt(body, 'ReturnConsumedCapacity') ?? 'NONE';
  }

  get isWanted(): boolean {
    return this.#wanted === 'TOTAL' || this.#wanted === 'INDEXES';
  }

  write(
    table: TableDefinition,
    before: StoredItem | undefined,
    after: Pick<StoredItem, 'item' | 'size'> | undefined,
  ): void {
    if (!this.isWanted) return;
    const units = this.#of(table);
    units.table += this.factor * unitsOf(Math.max(before?.size ?? 0, after?.size ?? 0), WRITE_UNIT);
    for (const change of indexChanges(table, before?.item, after?.item)) {
      const was = change.before && before && projected(table, change.index, before.item);
      const is = change.after && after && projected(table, change.index, after.item);
      const moved = change.before && change.after && !samePosition(change.before, change.after);
      if (was && is && !moved && equalItems(was, is)) continue;
      const sizes = moved ? [sizeOf(was), sizeOf(is)] : was || is ? [Math.max(sizeOf(was), sizeOf(is))] : [];
      for (const size of sizes) this.#add(units, change.index, this.factor * unitsOf(size, WRITE_UNIT));
    }
  }

  /** A read of this many bytes. */
  read(table: TableDefinition, index: IndexDefinition | undefined, bytes: number, isConsistent: boolean): void {
    if (!this.isWanted) return;
    const units = (isConsistent ? 1 : 0.5) * this.factor * unitsOf(bytes, READ_UNIT);
    if (index) this.#add(this.#of(table), index, units);
    else this.#of(table).table += units;
  }

  /** The answer's member for a request on one table. */
  single(): Json {
    const [entry] = this.#describe();
    return entry ? { ConsumedCapacity: entry } : {};
  }

  /** The answer's member for a request on several. */
  list(): Json {
    return this.isWanted ? { ConsumedCapacity: this.#describe() } : {};
  }

  #of(table: TableDefinition): Units {
    const known = this.#tables.get(table);
    if (known) return known;
    const units = { table: 0, indexes: new Map<IndexDefinition, number>() };
    this.#tables.set(table, units);
    return units;
  }

  #add(units: Units, index: IndexDefinition, more: number): void {
    units.indexes.set(index, (units.indexes.get(index) ?? 0) + more);
  }

  #describe(): readonly Json[] {
    return [...this.#tables].map(([{ name }, { table, indexes }]) => ({
      TableName: name,
      CapacityUnits: [...indexes.values()].reduce((sum, units) => sum + units, table),
      ...(this.#wanted === 'INDEXES' ? { Table: { CapacityUnits: table }, ...describeIndexes(indexes) } : {}),
    }));
  }
}

function describeIndexes(indexes: ReadonlyMap<IndexDefinition, number>): Json {
  const of = (isGlobal: boolean): Json =>
    Object.fromEntries(
      [...indexes]
        .filter(([index]) => index.isGlobal === isGlobal)
        .map(([{ name }, CapacityUnits]) => [name, { CapacityUnits }]),
    );
  const [local, global] = [of(false), of(true)];
  return {
    ...(Object.keys(local).length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(Object.keys(global).length > 0 ? { GlobalSecondaryIndexes: global } : {}),
  };
}

function unitsOf(bytes: number, unit: number): number {
  return Math.max(1, Math.ceil(bytes / unit));
}

function sizeOf(item: Item | undefined): number {
  return item ? sizeOfItem(item) : 0;
}

/** What of an item is in an index. */
export function projected(table: TableDefinition, index: IndexDefinition, item: Item): Item {
  const names = projectedNames(table, index);
  return names ? Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))) : item;
}
