import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { objectAt, textAt, type Json } from '../proxy/json';

interface Expiry {
  /** The keys of the item, in a canonical text. */
  readonly keys: string;
  /** Its REMOVE record has a number from here … */
  readonly from: string;
  /** … to before here. */
  readonly to: string;
  /** Epoch milliseconds of engine time. */
  readonly at: number;
}

const KEPT_MS = 86_400_000;

/** Which records of a stream come from expired items: DynamoDB Local can't tell them from any other removal. */
export class ExpiredItems {
  readonly #expiries: Table<readonly Expiry[]>;

  constructor(private readonly engine: Pick<Engine, 'clock' | 'store'>) {
    this.#expiries = engine.store.table('dynamodb.expired-items');
  }

  add(streamArn: string, keys: Json, from: bigint, to: bigint): void {
    const now = this.engine.clock.now();
    const kept = (this.#expiries.get(streamArn) ?? []).filter(({ at }) => at > now - KEPT_MS);
    const expiry = { keys: canonical(keys), from: String(from), to: String(to), at: now };
    this.#expiries.set(streamArn, [...kept, expiry]);
  }

  /** Whether the record (of a stream, in wire form) was made by an item's expiry. */
  includes(streamArn: string, record: Json): boolean {
    const expiries = this.#expiries.get(streamArn);
    if (!expiries || record['eventName'] !== 'REMOVE') return false;
    const change = objectAt(record, 'dynamodb');
    const [keys, sequence] = [canonical(objectAt(change, 'Keys')), BigInt(textAt(change, 'SequenceNumber') || '0')];
    return expiries.some(
      (expiry) => expiry.keys === keys && BigInt(expiry.from) <= sequence && sequence < BigInt(expiry.to),
    );
  }
}

function canonical(keys: Json): string {
  return JSON.stringify(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
}
