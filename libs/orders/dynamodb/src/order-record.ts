import type { Order } from '@outbox/orders-domain';

/** A request that changed an order, as hashes: enough to know it again. */
export interface RequestMark {
  readonly keyHash: string;
  readonly bodyHash: string;
  /** It came without an Idempotency-Key, under a random one: nobody can repeat it but its own retries. */
  readonly keyless?: boolean;
}

/** A request with the version it made. */
export interface VersionedMark extends RequestMark {
  readonly version: number;
}

/** An order with what makes its requests idempotent. */
export interface OrderRecord {
  readonly order: Order;
  /** The principal that placed it. */
  readonly owner: string;
  readonly createdBy: RequestMark;
  /** The last requests that changed it, newest last. */
  readonly recentRequests: readonly VersionedMark[];
  /** Shortened key hashes of older ones: known to be spent, their answers are not kept. */
  readonly spentKeys: readonly string[];
}

/** As many changes can be answered again exactly. */
export const RECENT_REQUESTS = 16;

/** Hex digits kept of an older request's key hash: 48 bits, far beyond a chance hit among 10,000. */
const SPENT_KEY_LENGTH = 12;

/**
 * The record with one more change. When there are too many recent requests, the oldest without a key is forgotten, so
 * that those never push out a request that a client may repeat; else the oldest of all moves to the spent ones.
 */
export function withChange(record: OrderRecord, order: Order, mark: RequestMark): OrderRecord {
  const requests = [...record.recentRequests, { ...mark, version: order.version }];
  if (requests.length <= RECENT_REQUESTS) return { ...record, order, recentRequests: requests };
  const leaving = requests.find((request) => request.keyless) ?? requests[0];
  const spent = leaving && !leaving.keyless ? [spentKey(leaving.keyHash)] : [];
  return {
    ...record,
    order,
    recentRequests: requests.filter((request) => request !== leaving),
    spentKeys: [...record.spentKeys, ...spent],
  };
}

/** Whether a request with this key changed the order before its answer was forgotten. */
export function isSpent(record: OrderRecord, keyHash: string): boolean {
  return record.spentKeys.includes(spentKey(keyHash));
}

function spentKey(keyHash: string): string {
  return keyHash.slice(0, SPENT_KEY_LENGTH);
}
