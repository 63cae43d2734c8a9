import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { SealedKey } from '@outbox/local-cloud-keys';
import type { Place } from '../place';
import type { IndexThroughput } from './index-throughput';

/** What a table has of the customer's key it is under. */
export interface TableKey {
  readonly arn: string;
  /** The table key, which encrypts what is in the table. */
  readonly tableKey: SealedKey;
  readonly grantToken: string;
}

/** What AWS keeps about a table that DynamoDB Local doesn't. */
export interface TableRecord extends Place {
  readonly name: string;
  readonly id: string;
  /** The hash key's attribute, for `dynamodb:LeadingKeys`. */
  readonly hashKey: string;
  /** The range key's attribute. */
  readonly rangeKey: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Encrypted with the AWS-managed key `alias/aws/dynamodb` instead of the AWS-owned one. */
  readonly managedKey: boolean;
  /** The customer's key it is under; then `managedKey` is false. */
  readonly key?: TableKey;
  readonly tableClass: string;
  readonly onDemandThroughput: Readonly<Record<string, unknown>> | undefined;
  readonly indexThroughput?: IndexThroughput;
  /** The attribute of the time to live, while it is enabled. */
  readonly ttlAttribute: string | undefined;
  /** Point-in-time recovery, while it is enabled: since when (epoch milliseconds) and how far back (days). */
  readonly recovery: { readonly since: number; readonly days: number } | undefined;
}

export class TableRecords {
  readonly #records: Table<TableRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#records = engine.store.table('dynamodb.tables');
  }

  get(place: Place, name: string): TableRecord | undefined {
    return this.#records.get(keyOf(place, name));
  }

  all(): Iterable<TableRecord> {
    return this.#records.values();
  }

  isEmpty(): boolean {
    return this.#records.size === 0;
  }

  put(record: TableRecord): void {
    this.#records.set(keyOf(record, record.name), record);
  }

  delete(place: Place, name: string): void {
    this.#records.delete(keyOf(place, name));
  }
}

function keyOf(place: Place, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}
