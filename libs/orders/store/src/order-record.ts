import type { Order } from '@outbox/orders-domain';

/** A request that changed an order, as hashes: enough to know it again. */
export interface RequestMark {
  readonly keyHash: string;
  readonly bodyHash: string;
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

/** The record with one more change; the oldest recent request moves to the spent ones when there are too many. */
export function withChange(record: OrderRecord, order: Order, mark: RequestMark): OrderRecord {
  const requests = [...record.recentRequests, { ...mark, version: order.version }];
  const spent = requests.slice(0, -RECENT_REQUESTS).map((request) => spentKey(request.keyHash));
  return {
    ...record,
    order,
    recentRequests: requests.slice(-RECENT_REQUESTS),
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
