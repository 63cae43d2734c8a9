import { itemReader, type Item, type ItemReader } from '@outbox/function-kit';
import type { ErasedMarks } from '@outbox/outbox-dynamodb';

/** A request with an Idempotency-Key that was carried out, as hashes: enough to know it again. */
export interface RequestMark {
  readonly keyHash: string;
  readonly bodyHash: string;
  /** Of the last event it committed, beside which its answer lies. */
  readonly sequence: number;
}

/** What an aggregate's head remembers of the requests that made it what it is. */
export interface RequestMarks {
  /** The request that created it; undefined: it came without a key, it was no request, or it was erased. */
  readonly createdBy?: RequestMark;
  /** The last requests that changed it, newest last. */
  readonly recentRequests: readonly RequestMark[];
  /** Shortened key hashes of older ones, oldest first: known to be spent, their answers are not kept. */
  readonly spentKeys: readonly string[];
}

/** As many changes can be answered again exactly. */
export const RECENT_REQUESTS = 16;

/** Hex digits kept of an older request's key hash: 48 bits, far beyond a chance hit among 10,000. */
const SPENT_KEY_LENGTH = 12;

/** Older requests that are still refused: 130 KB of the 400 KB that a head may have. */
export const MAX_SPENT_KEYS = 10_000;

/** The marks with one more change; the oldest request of too many is spent, its answer no longer looked for. */
export function withChange(marks: RequestMarks, mark: RequestMark): RequestMarks {
  const requests = [...marks.recentRequests, mark];
  const leaving = requests.slice(0, -RECENT_REQUESTS).map(({ keyHash }) => spentKey(keyHash));
  return {
    ...marks,
    recentRequests: requests.slice(-RECENT_REQUESTS),
    spentKeys: [...marks.spentKeys, ...leaving].slice(-MAX_SPENT_KEYS),
  };
}

/** Whether a request with this key made or changed the aggregate before its answer was forgotten. */
export function isSpent({ spentKeys }: RequestMarks, keyHash: string): boolean {
  return spentKeys.includes(spentKey(keyHash));
}

/** The marks as attributes of a head. */
export function marshalMarks({ createdBy, recentRequests, spentKeys }: RequestMarks): Item {
  return {
    ...(createdBy ? { createdBy: marshalMark(createdBy) } : {}),
    recentRequests: { L: recentRequests.map(marshalMark) },
    spentKeys: { S: spentKeys.join(',') },
  };
}

/**
 * Reads the marks from a head; there are none on the head of an aggregate that no request has made or changed.
 * @throws CorruptItemError
 */
export function unmarshalMarks(item: Item): RequestMarks {
  const read = itemReader('outbox', item);
  const { spentKeys = '' } = read.optionalTexts('spentKeys');
  return {
    ...(item['createdBy'] ? { createdBy: readMark(read.map('createdBy')) } : {}),
    recentRequests: item['recentRequests'] ? read.maps('recentRequests').map(readMark) : [],
    spentKeys: spentKeys.split(',').filter((key) => key !== ''),
  };
}

/**
 * The marks of a head without hashes of what was asked and by whom: keys are shortened as those of older requests are, so
 * that no request is carried out a second time. Undefined: there is nothing to be erased of them.
 * @throws CorruptItemError
 */
export function eraseMarks(head: Item): ErasedMarks | undefined {
  const { createdBy, recentRequests, spentKeys } = unmarshalMarks(head);
  const erased = [...(createdBy ? [createdBy] : []), ...recentRequests];
  if (erased.length === 0) return undefined;
  const spent = [...spentKeys, ...erased.map(({ keyHash }) => spentKey(keyHash))].slice(-MAX_SPENT_KEYS);
  return { set: marshalMarks({ recentRequests: [], spentKeys: spent }), remove: createdBy ? ['createdBy'] : [] };
}

function marshalMark({ keyHash, bodyHash, sequence }: RequestMark) {
  return { M: { keyHash: { S: keyHash }, bodyHash: { S: bodyHash }, sequence: { N: String(sequence) } } };
}

function readMark(read: ItemReader): RequestMark {
  return { keyHash: read.text('keyHash'), bodyHash: read.text('bodyHash'), sequence: read.number('sequence') };
}

function spentKey(keyHash: string): string {
  return keyHash.slice(0, SPENT_KEY_LENGTH);
}
