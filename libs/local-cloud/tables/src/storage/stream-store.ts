import { formatArn } from '@outbox/local-cloud-kernel';
import type { Json } from '../json';
import type { Place, StreamDefinition } from '../tables/definition';
import type { Database } from './database';
import { RETENTION_MS } from '../limits';

/** So often, in records, those that are too old are thrown away. */
const TRIM_EVERY = 500;

export interface StoredRecord {
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly record: Json;
}

export function streamArn({ region, accountId, tableName, label }: StreamDefinition): string {
  return formatArn('dynamodb', region, accountId, `table/${tableName}/stream/${label}`);
}

/** Streams and their records in SQLite. */
export class StreamStore {
  readonly #streams = new Map<string, StreamDefinition>();
  #sinceTrim = 0;

  constructor(
    private readonly db: Database,
    private readonly now: () => number,
  ) {
    for (const row of db.prepare('SELECT json FROM streams ORDER BY id').all()) {
      const stream = JSON.parse(String(row['json'])) as StreamDefinition;
      this.#streams.set(streamArn(stream), stream);
    }
  }

  get(arn: string): StreamDefinition | undefined {
    return this.#streams.get(arn);
  }

  /** The streams of an account in a region, oldest first. */
  all({ accountId, region }: Place): readonly StreamDefinition[] {
    return [...this.#streams.values()].filter((stream) => stream.accountId === accountId && stream.region === region);
  }

  put(stream: StreamDefinition): void {
    this.db.run('INSERT OR REPLACE INTO streams (id, json) VALUES (?, ?)', stream.id, JSON.stringify(stream));
    this.#streams.set(streamArn(stream), stream);
  }

  /** Ends a stream: it gets no more records. */
  end(id: number): void {
    for (const stream of this.#streams.values()) {
      if (stream.id === id) this.put({ ...stream, lastSequence: this.lastSequence() });
    }
  }

  /** The highest number a record ever got. */
  lastSequence(): number {
    const row = this.db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'records'").get();
    return Number(row?.['seq'] ?? 0);
  }

  append(stream: number, record: Json): void {
    const now = this.now();
    this.db.run('INSERT INTO records (stream, at, json) VALUES (?, ?, ?)', stream, now, JSON.stringify(record));
    this.#sinceTrim += 1;
    if (this.#sinceTrim < TRIM_EVERY) return;
    this.#sinceTrim = 0;
    // The oldest are the first; twice as many as were added since are enough to catch up.
    this.db.run(
      'DELETE FROM records WHERE sequence IN (SELECT sequence FROM records ORDER BY sequence LIMIT ?) AND at <= ?',
      2 * TRIM_EVERY,
      now - RETENTION_MS,
    );
  }

  /** Records from a number on that are still kept, as many as `limit`. */
  read(stream: number, from: number, limit: number): readonly StoredRecord[] {
    const sql =
      'SELECT sequence, at, json FROM records WHERE stream = ? AND sequence >= ? AND at > ? ORDER BY sequence LIMIT ?';
    return this.db
      .prepare(sql)
      .all(stream, from, this.now() - RETENTION_MS, limit)
      .map((row) => ({
        sequence: Number(row['sequence']),
        at: Number(row['at']),
        record: JSON.parse(String(row['json'])) as Json,
      }));
  }
}
