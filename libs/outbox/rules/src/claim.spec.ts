import { claim, isDue, isStillAs, MAX_ATTEMPTS, MAX_BACK_OFF_MS } from './claim';
import type { StoredOutboxItem } from './outbox-item';

const now = Date.UTC(2026, 0, 1);
const policy = { thresholdMs: 60_000 };

describe('claim', () => {
  it('comes after twice the threshold, four times the threshold … at most 6 h', () => {
    const waits = Array.from({ length: MAX_ATTEMPTS }, (_, attempts) => {
      const claimed = claim(item({ attempts }), now, policy);
      return claimed.kind === 'publish' && [claimed.attempts, (Date.parse(claimed.dueAt) - now) / 60_000];
    });
    expect(waits).toEqual([
      [1, 2],
      [2, 4],
      [3, 8],
      [4, 16],
      [5, 32],
      [6, 64],
      [7, 128],
      [8, 256],
      [9, MAX_BACK_OFF_MS / 60_000],
      [10, MAX_BACK_OFF_MS / 60_000],
    ]);
  });

  it('gives up after ten attempts and says why', () => {
    const failedAt = '2026-01-01T00:00:00.000Z';
    expect(claim(item({ attempts: 10 }), now, policy)).toEqual({
      kind: 'give-up',
      failedAt,
      failure: 'published 10 times, never acknowledged',
    });
    expect(claim(item({ attempts: 10, lastError: 'MalformedDetail: no' }), now, policy)).toEqual({
      kind: 'give-up',
      failedAt,
      failure: 'refused at attempt 10: MalformedDetail: no',
    });
  });
});

describe('an item', () => {
  it('is due from its time on, as long as it is unpublished', () => {
    const dueAt = new Date(now).toISOString();
    expect(isDue(item({ dueAt }), now)).toBe(true);
    expect(isDue(item({ dueAt }), now - 1)).toBe(false);
    expect(isDue(item({ dueAt, unpublishedShard: undefined }), now)).toBe(false);
  });

  it.each<[string, Partial<StoredOutboxItem> | undefined]>([
    ['gone', undefined],
    ['acknowledged', { unpublishedShard: undefined, dueAt: undefined }],
    ['claimed', { attempts: 1 }],
    ['re-armed', { dueAt: '2026-01-01T00:00:01.000Z' }],
    ['another event', { id: 'restored' }],
  ])('can no longer be claimed when it is %s', (_what, change) => {
    const seen = item({});
    expect(isStillAs(seen, seen)).toBe(true);
    expect(isStillAs(change && item(change), seen)).toBe(false);
  });
});

function item(change: Partial<StoredOutboxItem>): StoredOutboxItem {
  return {
    pk: 'parcel#o',
    sk: 'EVENT#0000000001',
    entity: 'OutboxEvent',
    id: 'e',
    type: 'ParcelMoved',
    committedAt: '2025-12-31T23:59:00.000Z',
    attempts: 0,
    detail: '{}',
    unpublishedShard: 's0',
    dueAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}
