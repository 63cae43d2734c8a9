import type { KeyType } from '../values/attribute-value';

/** The account and region whose tables are meant. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface Keys {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

export interface Throughput {
  readonly read: number;
  readonly write: number;
}

export type ProjectionType = 'ALL' | 'KEYS_ONLY' | 'INCLUDE';

export interface IndexDefinition {
  /** Unique among all indexes. */
  readonly id: number;
  readonly name: string;
  readonly isGlobal: boolean;
  readonly keys: Keys;
  readonly projection: ProjectionType;
  readonly nonKeyAttributes: readonly string[];
  /** Of a global index of a table with provisioned throughput. */
  readonly throughput?: Throughput;
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A table as it was created and updated. */
export interface TableDefinition extends Place {
  readonly id: number;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly attributes: readonly KeyAttribute[];
  readonly keys: Keys;
  readonly indexes: readonly IndexDefinition[];
  /** Undefined for a table on demand. */
  readonly throughput?: Throughput;
  /** When it last became a table on demand, epoch milliseconds. */
  readonly onDemandSince?: number;
  readonly isProtected: boolean;
  /** Its latest stream, which may have ended. */
  readonly stream?: {
    readonly id: number;
    readonly label: string;
    readonly viewType: StreamViewType;
    readonly isEnabled: boolean;
  };
}

/** A stream of a table: the one it has, or one that ended. */
export interface StreamDefinition extends Place {
  readonly id: number;
  readonly tableName: string;
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly keys: Keys;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The number its first record has at least. */
  readonly firstSequence: number;
  /** The number of its last record, once it has ended. */
  readonly lastSequence?: number;
}

export function keyAttributes({ hash, range }: Keys): readonly KeyAttribute[] {
  return range ? [hash, range] : [hash];
}

/** The attributes an index's position consists of: its keys and the table's. */
export function positionAttributes(
  table: TableDefinition,
  index: IndexDefinition | undefined,
): readonly KeyAttribute[] {
  const own = keyAttributes(table.keys);
  if (!index) return own;
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...keyAttributes(index.keys).filter(({ name }) => !names.has(name))];
}

/** Whether every item of the index holds all it has in the table. */
export function projectsAll(index: IndexDefinition): boolean {
  return index.projection === 'ALL';
}

/** Names of the attributes an index holds; undefined for all. */
export function projectedNames(table: TableDefinition, index: IndexDefinition): ReadonlySet<string> | undefined {
  if (projectsAll(index)) return undefined;
  return new Set([...positionAttributes(table, index).map(({ name }) => name), ...index.nonKeyAttributes]);
}
