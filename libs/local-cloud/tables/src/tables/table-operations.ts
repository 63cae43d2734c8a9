import { AwsError } from '@outbox/local-cloud-kernel';
import { tableNotFound, validation } from '../errors';
import { numberAt, objectAt, objectsAt, textAt, type Json } from '../json';
import type { Database } from '../storage/database';
import type { ItemStore } from '../storage/item-store';
import type { StreamStore } from '../storage/stream-store';
import type { IndexDefinition, Place, StreamViewType, TableDefinition } from './definition';
import { describeTable } from './describe';
import {
  checkAllUsed,
  checkIndexes,
  checkNoEmptyLists,
  checkThroughputChanges,
  mergedAttributes,
  noThroughputOnDemand,
  readAttributes,
  readIndex,
  readKeys,
  readName,
  readStream,
  readThroughput,
} from './schema-checks';
import type { TableStore } from './table-store';
import { MAX_LISTED } from '../limits';

/** Creates, changes and describes tables. Everything is done when the answer goes out. */
export class TableOperations {
  constructor(
    private readonly db: Database,
    private readonly tables: TableStore,
    private readonly items: ItemStore,
    private readonly streams: StreamStore,
    private readonly now: () => number,
  ) {}

  createTable(body: Json, place: Place): Json {
    const name = readName(textAt(body, 'TableName'));
    const attributes = readAttributes(body);
    const keys = readKeys(body, attributes);
    const isProvisioned = textAt(body, 'BillingMode') !== 'PAY_PER_REQUEST';
    if (!isProvisioned && objectAt(body, 'ProvisionedThroughput')) throw noThroughputOnDemand();
    const throughput = isProvisioned ? readThroughput(body, 'the table') : undefined;
    checkNoEmptyLists(body);
    const schemas = [
      ...objectsAt(body, 'LocalSecondaryIndexes').map((given) => readIndex(given, attributes, false, isProvisioned)),
      ...objectsAt(body, 'GlobalSecondaryIndexes').map((given) => readIndex(given, attributes, true, isProvisioned)),
    ];
    checkIndexes(keys, schemas);
    checkAllUsed(attributes, keys, schemas);
    const viewType = readStream(body);
    if (this.tables.get(place, name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    }
    const { accountId, region } = place;
    return this.db.transaction(() => {
      const table: TableDefinition = {
        accountId,
        region,
        id: this.db.nextId(),
        name,
        createdAt: this.now(),
        attributes,
        keys,
        indexes: schemas.map((schema) => ({ ...schema, id: this.db.nextId() })),
        ...(throughput ? { throughput } : {}),
        isProtected: body['DeletionProtectionEnabled'] === true,
      };
      const created = viewType && viewType !== 'none' ? this.#withStream(table, viewType) : table;
      this.tables.put(created);
      return { TableDescription: this.#describe(created) };
    });
  }

  describeTable(body: Json, place: Place): Json {
    return { Table: this.#describe(this.#find(body, place)) };
  }

  listTables(body: Json, place: Place): Json {
    const limit = numberAt(body, 'Limit') ?? MAX_LISTED;
    if (limit < 1 || limit > MAX_LISTED) {
      const [bound, edge] = limit < 1 ? ['greater', 1] : ['less', MAX_LISTED];
      throw validation(
        `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound} than or equal to ${edge}`,
      );
    }
    const start = textAt(body, 'ExclusiveStartTableName') ?? '';
    const names = this.tables.names(place).filter((name) => name > start);
    const page = names.slice(0, limit);
    return { TableNames: page, ...(page.length < names.length ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  }

  deleteTable(body: Json, place: Place): Json {
    const table = this.#find(body, place);
    if (table.isProtected) {
      throw validation(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    const description = this.#describe(table, 'DELETING');
    this.db.transaction(() => {
      this.items.dropTable(table);
      this.tables.delete(table);
      if (table.stream?.isEnabled) this.streams.end(table.stream.id);
    });
    return { TableDescription: description };
  }

  updateTable(body: Json, place: Place): Json {
    const table = this.#find(body, place);
    return this.db.transaction(() => {
      const updates = objectsAt(body, 'GlobalSecondaryIndexUpdates');
      const viewType = readStream(body);
      const mode = textAt(body, 'BillingMode');
      const isProtected = body['DeletionProtectionEnabled'];
      const hasThroughput = objectAt(body, 'ProvisionedThroughput') !== undefined;
      if (updates.length === 0 && !viewType && !mode && typeof isProtected !== 'boolean' && !hasThroughput) {
        throw validation('Nothing to update');
      }
      let changed = this.#billed(table, body, mode, hasThroughput);
      if (viewType) changed = this.#streamed(changed, viewType);
      if (typeof isProtected === 'boolean') changed = { ...changed, isProtected };
      if (updates.length > 0) changed = this.#indexed(changed, body, updates);
      this.tables.put(changed);
      return { TableDescription: this.#describe(changed) };
    });
  }

  #billed(table: TableDefinition, body: Json, mode: string | undefined, hasThroughput: boolean): TableDefinition {
    if (mode === 'PAY_PER_REQUEST') {
      if (hasThroughput) throw noThroughputOnDemand();
      const { throughput, ...others } = table;
      return throughput ? { ...others, onDemandSince: this.now() } : table;
    }
    if (mode === undefined && !hasThroughput) return table;
    if (mode === undefined && !table.throughput) throw noThroughputOnDemand();
    const throughput = readThroughput(body, 'the table');
    if (table.throughput) checkThroughputChanges(table.throughput, throughput);
    return { ...table, throughput };
  }

  #streamed(table: TableDefinition, viewType: StreamViewType | 'none'): TableDefinition {
    const { stream } = table;
    if (viewType !== 'none') {
      if (stream?.isEnabled) throw validation('Table already has an enabled stream');
      return this.#withStream(table, viewType);
    }
    if (!stream?.isEnabled) throw validation('Table has no stream to disable');
    this.streams.end(stream.id);
    return { ...table, stream: { ...stream, isEnabled: false } };
  }

  /** The table with a new stream, which begins now. */
  #withStream(table: TableDefinition, viewType: StreamViewType): TableDefinition {
    const id = this.db.nextId();
    const createdAt = this.now();
    const used = this.streams.all(table).filter(({ tableName }) => tableName === table.name);
    // Labels tell streams apart: of two in one millisecond the later one gets the next.
    const latest = Math.max(-Infinity, ...used.map((stream) => Date.parse(`${stream.label}Z`)));
    const label = new Date(Math.max(createdAt, latest + 1)).toISOString().replace('Z', '');
    this.streams.put({
      accountId: table.accountId,
      region: table.region,
      id,
      tableName: table.name,
      label,
      viewType,
      keys: table.keys,
      createdAt,
      firstSequence: this.streams.lastSequence() + 1,
    });
    return { ...table, stream: { id, label, viewType, isEnabled: true } };
  }

  #indexed(table: TableDefinition, body: Json, updates: readonly Json[]): TableDefinition {
    if (updates.filter((update) => !objectAt(update, 'Update')).length > 1) {
      throw new AwsError(
        'LimitExceededException',
        'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
      );
    }
    let changed = table;
    for (const update of updates) {
      const [create, remove, change] = ['Create', 'Delete', 'Update'].map((kind) => objectAt(update, kind));
      if (create) changed = this.#withIndex(changed, body, create);
      if (remove) changed = this.#withoutIndex(changed, textAt(remove, 'IndexName') ?? '');
      if (change) changed = withThroughput(changed, change);
    }
    return changed;
  }

  #withIndex(table: TableDefinition, body: Json, given: Json): TableDefinition {
    const attributes = mergedAttributes(table, body);
    const schema = readIndex(given, attributes, true, table.throughput !== undefined);
    const index: IndexDefinition = { ...schema, id: this.db.nextId() };
    const indexes = [...table.indexes, index];
    checkIndexes(table.keys, indexes);
    const changed = { ...table, attributes, indexes };
    this.items.fillIndex(changed, index);
    return changed;
  }

  /** Attributes that only this index had for keys go with it. */
  #withoutIndex(table: TableDefinition, name: string): TableDefinition {
    const index = globalIndex(table, name);
    this.items.dropIndex(index);
    const indexes = table.indexes.filter((other) => other !== index);
    const used = new Set([table, ...indexes].flatMap(({ keys }) => [keys.hash.name, keys.range?.name]));
    return { ...table, indexes, attributes: table.attributes.filter((attribute) => used.has(attribute.name)) };
  }

  #find(body: Json, place: Place): TableDefinition {
    const name = readName(textAt(body, 'TableName'));
    const table = this.tables.get(place, name);
    if (!table) throw tableNotFound(name);
    return table;
  }

  #describe(table: TableDefinition, status: 'ACTIVE' | 'DELETING' = 'ACTIVE'): Json {
    return describeTable(table, status, this.items.count(table));
  }
}

function withThroughput(table: TableDefinition, update: Json): TableDefinition {
  const index = globalIndex(table, textAt(update, 'IndexName') ?? '');
  const throughput = readThroughput(update, 'the global secondary index');
  return { ...table, indexes: table.indexes.map((other) => (other === index ? { ...index, throughput } : other)) };
}

function globalIndex(table: TableDefinition, name: string): IndexDefinition {
  const index = table.indexes.find((known) => known.isGlobal && known.name === name);
  if (index) return index;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Index: ${name} of table ${table.name} not found`,
  );
}
