import type { Engine } from '@outbox/local-cloud-kernel';
import type { TableEngine } from '../engine/table-engine';
import { isObject, objectAt, objectsAt, textAt, type Json } from '../proxy/json';
import type { Place } from '../place';
import type { TableRecord, TableRecords } from '../tables/table-records';

/** Between two looks at one table at least, in engine time. */
const SOONEST_MS = 60_000;
/** After a write that may have brought an expiry nobody knows of. AWS itself deletes "within a few days". */
const AFTER_WRITE_MS = 10 * 60_000;
/** What expired longer ago is left alone. Source: developer guide, "Using time to live (TTL)". */
const TOO_OLD_MS = 5 * 365 * 86_400_000;

interface Plan {
  readonly at: number;
  readonly cancel: () => void;
}

/**
 * Deletes expired items by the engine's clock. A table is looked at when its next
 * known expiry is due, or some time after it was written to; one that rests is left alone.
 */
export class TimeToLive {
  readonly #plans = new Map<string, Plan>();
  readonly #sweeps = new Set<Promise<void>>();
  #stopped = true;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'log' | 'signals' | 'store'>,
    private readonly tables: TableEngine,
    private readonly records: TableRecords,
  ) {}

  start(): void {
    this.#stopped = false;
    for (const record of this.records.all()) this.changed(record);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const plan of this.#plans.values()) plan.cancel();
    this.#plans.clear();
    await Promise.all(this.#sweeps);
  }

  /** The table's time to live was switched on or off. */
  changed(record: TableRecord): void {
    if (record.ttlAttribute === undefined) this.#drop(record);
    else this.#plan(record, SOONEST_MS);
  }

  written(place: Place, name: string): void {
    const record = this.records.get(place, name);
    if (record?.ttlAttribute !== undefined) this.#plan(record, AFTER_WRITE_MS);
  }

  /** Earlier plans stay, later ones are brought forward. */
  #plan(record: TableRecord, delayMs: number): void {
    if (this.#stopped) return;
    const key = keyOf(record);
    const at = this.engine.clock.now() + delayMs;
    const planned = this.#plans.get(key);
    if (planned && planned.at <= at) return;
    planned?.cancel();
    const cancel = this.engine.clock.after(delayMs, () => {
      this.#plans.delete(key);
      const sweep = this.#sweep(record).finally(() => this.#sweeps.delete(sweep));
      this.#sweeps.add(sweep);
    });
    this.#plans.set(key, { at, cancel });
  }

  #drop(record: TableRecord): void {
    this.#plans.get(keyOf(record))?.cancel();
    this.#plans.delete(keyOf(record));
  }

  async #sweep({ accountId, region, name }: TableRecord): Promise<void> {
    const record = this.records.get({ accountId, region }, name);
    if (record?.ttlAttribute === undefined) return;
    try {
      const next = await this.#deleteExpired(record, record.ttlAttribute);
      this.engine.store.flush();
      if (next !== undefined) this.#plan(record, Math.max(SOONEST_MS, next - this.engine.clock.now()));
    } catch (error) {
      this.engine.log('warn', 'items could not be expired', {
        table: name,
        error: error instanceof Error ? error.message : String(error),
      });
      this.#plan(record, SOONEST_MS);
    }
  }

  /** Answers when the next item expires, epoch milliseconds. */
  async #deleteExpired(record: TableRecord, attribute: string): Promise<number | undefined> {
    let next: number | undefined;
    let from: unknown;
    do {
      const page = await this.tables.call('Scan', scanOf(record, attribute, from), record);
      for (const item of objectsAt(page, 'Items')) {
        if (this.#stopped) return undefined;
        const expiresAt = Number(textAt(objectAt(item, attribute), 'N')) * 1000;
        const now = this.engine.clock.now();
        if (expiresAt > now) next = Math.min(next ?? Infinity, expiresAt);
        else if (expiresAt > now - TOO_OLD_MS) await this.#delete(record, attribute, item);
      }
      from = page['LastEvaluatedKey'];
    } while (isObject(from));
    return next;
  }

  /** Unless it was given a new life meanwhile. */
  async #delete(record: TableRecord, attribute: string, item: Json): Promise<void> {
    const names = record.rangeKey === undefined ? [record.hashKey] : [record.hashKey, record.rangeKey];
    const key = Object.fromEntries(names.map((name) => [name, item[name]]));
    const body = {
      TableName: record.name,
      Key: key,
      ConditionExpression: '#t = :seen',
      ExpressionAttributeNames: { '#t': attribute },
      ExpressionAttributeValues: { ':seen': item[attribute] },
    };
    if (!(await this.tables.expire(body, record))) return;
    const streamArn = await this.tables.streamOf(record, record.name);
    if (streamArn) this.engine.signals.notify(streamArn);
  }
}

function scanOf(record: TableRecord, attribute: string, from: unknown): Json {
  const names = { '#t': attribute, '#h': record.hashKey, ...(record.rangeKey ? { '#r': record.rangeKey } : {}) };
  return {
    TableName: record.name,
    ConsistentRead: true,
    ProjectionExpression: Object.keys(names).join(', '),
    FilterExpression: 'attribute_type(#t, :n)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':n': { S: 'N' } },
    ...(isObject(from) ? { ExclusiveStartKey: from } : {}),
  };
}

function keyOf(record: TableRecord): string {
  return `${record.accountId}/${record.region}/${record.name}`;
}
